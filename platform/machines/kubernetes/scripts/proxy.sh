#!/bin/bash
# The cluster's kube-proxy, as a control plane sees and changes it. Sourced after release.sh.
# What kube-proxy ran with when a change of its settings began, until every kube-proxy was told to start anew.
readonly PROXY_BEFORE=$STATE_FOLDER/kube-proxy-before

# Of the kube-proxy that runs; empty where the network needs none and has removed it.
proxy_image() {
  admin_kubectl --namespace kube-system get daemonset kube-proxy --ignore-not-found \
    --output 'jsonpath={.spec.template.spec.containers[0].image}'
}

proxy_settings() {
  admin_kubectl --namespace kube-system get configmap kube-proxy --output 'jsonpath={.data.config\.conf}'
}

# kube-proxy reads its settings when it starts. One of another release follows with the other addons. A try that failed
# half-way has changed the settings already, so what was before them is kept until the end.
carry_proxy_settings() {
  local image before
  image=$(proxy_image)
  if [ "${image##*:v}" != "$(own_release)" ]; then return 0; fi
  if [ ! -e "$PROXY_BEFORE" ]; then
    before=$(proxy_settings)
    echo "$before" > "$PROXY_BEFORE"
  fi
  kubeadm init phase addon kube-proxy --config "$SETTINGS" >&2
  if [ "$(proxy_settings)" != "$(cat "$PROXY_BEFORE")" ]; then
    say "kube-proxy takes changed settings, node by node"
    admin_kubectl --namespace kube-system rollout restart daemonset/kube-proxy >&2
  fi
  rm "$PROXY_BEFORE"
}
