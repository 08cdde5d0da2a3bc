#!/bin/bash
# Joins the cluster as soon as there is one, and tries again until it has.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

# Each control plane has its turn behind the load balancer; two rounds of the most that there are.
readonly ASKED=10

# No kubelet may be newer than an API server: kubeadm does not look.
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
