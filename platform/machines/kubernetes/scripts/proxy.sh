#!/bin/bash
# Reads and changes the cluster's kube-proxy. Sourced after release.sh.
# Exists from the start of a change of its settings until the restart of every kube-proxy is requested.
readonly PROXY_CHANGING=$STATE_FOLDER/kube-proxy-changing

# Release of the running kube-proxy; empty if the network plugin replaced and removed it.
proxy_image() {
  admin_kubectl --namespace kube-system get daemonset kube-proxy --ignore-not-found \
    --output 'jsonpath={.spec.template.spec.containers[0].image}'
}

readonly PROXY_SETTINGS='jsonpath={.data.config\.conf}'

# The ConfigMap of this server's settings.
planned_proxy() {
  kubeadm init phase addon kube-proxy --config "$SETTINGS" --print-manifest |
    awk 'BEGIN { RS = "(^|\n)---\n" } /(^|\n)kind: ConfigMap(\n|$)/'
}

# kube-proxy reads its settings when it starts. Another release of it is rolled out with the other addons. Only the
# ConfigMap is written: if kubeadm wrote the DaemonSet again, it would cancel a restart that another control plane has
# started, and the remaining nodes would keep the old settings.
carry_proxy_settings() {
  local image planned wanted present
  image=$(proxy_image)
  if [ "${image##*:v}" != "$(own_release)" ]; then return 0; fi
  planned=$(planned_proxy)
  wanted=$(admin_kubectl create --dry-run=client --filename - --output "$PROXY_SETTINGS" <<< "$planned")
  present=$(admin_kubectl --namespace kube-system get configmap kube-proxy --output "$PROXY_SETTINGS")
  if [ ! -e "$PROXY_CHANGING" ] && [ "$present" = "$wanted" ]; then return 0; fi
  say "kube-proxy takes changed settings, node by node"
  touch "$PROXY_CHANGING"
  admin_kubectl replace --filename - <<< "$planned" >&2
  admin_kubectl --namespace kube-system rollout restart daemonset/kube-proxy >&2
  rm "$PROXY_CHANGING"
}
