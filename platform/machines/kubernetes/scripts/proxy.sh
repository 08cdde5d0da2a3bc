#!/bin/bash
# The cluster's kube-proxy, as a control plane sees and changes it. Sourced after release.sh.
# There from the beginning of a change of its settings until every kube-proxy was told to start anew.
readonly PROXY_CHANGING=$STATE_FOLDER/kube-proxy-changing

# Of the kube-proxy that runs; empty where the network needs none and has removed it.
proxy_image() {
  admin_kubectl --namespace kube-system get daemonset kube-proxy --ignore-not-found \
    --output 'jsonpath={.spec.template.spec.containers[0].image}'
}

readonly PROXY_SETTINGS='jsonpath={.data.config\.conf}'

# The ConfigMap that this server's settings make.
planned_proxy() {
  kubeadm init phase addon kube-proxy --config "$SETTINGS" --print-manifest |
    awk 'BEGIN { RS = "(^|\n)---\n" } /(^|\n)kind: ConfigMap(\n|$)/'
}

# kube-proxy reads its settings when it starts. One of another release follows with the other addons. Only the ConfigMap
# is written: a DaemonSet that kubeadm writes anew takes back the restart that another control plane has begun, and nodes
# that had not had their turn would keep the old settings.
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
