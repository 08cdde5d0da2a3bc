#!/bin/bash
# check-settings.sh FILE: whether kubeadm on this server takes these settings. A newer release comes with a new server.
set -euo pipefail
wanted=$(sed -n 's/^kubernetesVersion: v\([0-9]*\.[0-9]*\)\..*/\1/p' "$1")
here=$(kubeadm version --output short | sed -n 's/^v\([0-9]*\.[0-9]*\)\..*/\1/p')
if [ "$wanted" != "$here" ]; then
  echo "cluster.version: $wanted cannot come to this server, which has $here; count servers.controlPlane.generation up" \
    "by one to replace the control planes, then the generation of each pool of workers" >&2
  exit 1
fi
if [ "$here" != 1.25 ]; then exec kubeadm config validate --config "$1"; fi
# `config validate` came with 1.26. Until then `migrate` checks as much, but only warns of a field that it does not know.
if ! complaints=$(kubeadm config migrate --old-config "$1" --new-config /dev/null 2>&1) || [ -n "$complaints" ]; then
  echo "$complaints" >&2
  exit 1
fi
