#!/bin/bash
# Joins the cluster as soon as it exists, and retries until it succeeds.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# The load balancer uses each control plane in turn: two rounds of the maximum number.
readonly ASKED=10

# A kubelet must not be newer than an API server, which kubeadm does not check.
is_not_newer() {
  local own seen try
  own=$(kubelet --version | sed 's/.* v//')
  for ((try = 0; try < ASKED; try++)); do
    seen=$(release_of "$API") || return 1
    if [ "$(minor "$own")" -le "$(minor "$seen")" ]; then continue; fi
    say "this server has Kubernetes $own and an API server $seen: count servers.controlPlane.generation up first"
    return 1
  done
}

join() {
  if ! api_answers; then
    say "$API does not answer /readyz"
    return 1
  fi
  is_not_newer || return 1
  if kubeadm_join; then return 0; fi
  forget_failed_join
  return 1
}

if is_node; then
  say "$NODE_NAME is a node already"
  exit 0
fi
until join; do
  sleep 3
done
say "$NODE_NAME has joined"
