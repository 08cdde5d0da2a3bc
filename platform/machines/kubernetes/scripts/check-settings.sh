#!/bin/bash
# check-settings.sh FILE: whether kubeadm on this server accepts these settings. A newer release needs a new server.
set -euo pipefail
wanted=$(sed -n 's/^kubernetesVersion: v\([0-9]*\.[0-9]*\)\..*/\1/p' "$1")
here=$(kubeadm version --output short | sed -n 's/^v\([0-9]*\.[0-9]*\)\..*/\1/p')
if [ "$wanted" != "$here" ]; then
  echo "cluster.version: $wanted cannot come to this server, which has $here; count servers.controlPlane.generation up" \
    "by one to replace the control planes, then the generation of each pool of workers" >&2
  exit 1
fi
if [ "$here" != 1.25 ]; then exec kubeadm config validate --config "$1"; fi
# `config validate` exists since 1.26. Before, `migrate` checks the same, but only warns of an unknown field.
if ! complaints=$(kubeadm config migrate --old-config "$1" --new-config /dev/null 2>&1) || [ -n "$complaints" ]; then
  echo "$complaints" >&2
  exit 1
fi
