#!/bin/bash
# Joins the cluster as soon as there is one, and tries again until it has.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

join() {
  if ! api_answers; then
    say "$API does not answer /readyz"
    return 1
  fi
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
