#!/bin/bash
# What the scripts of a node share. Sourced.
set -euo pipefail

readonly NODE_FOLDER=/etc/labstead/kubernetes
readonly KUBERNETES=/etc/kubernetes
# What this server has done and begun.
readonly STATE_FOLDER=/var/lib/labstead
install -d "$STATE_FOLDER"
# shellcheck source=/dev/null
. "$NODE_FOLDER/node.env"

# An image may know of preflight checks that cannot pass on it.
KUBEADM_FLAGS=()
if [ -r /etc/default/labstead-kubeadm ]; then
  read -r -a KUBEADM_FLAGS < /etc/default/labstead-kubeadm
fi

say() { echo "$*" >&2; }

# Whom to trust stands with where the cluster is, in one line, as user data need it.
readonly CA=/run/labstead/kubernetes-ca.crt
install -d "$(dirname "$CA")"
sed -n 's/^ *certificate-authority-data: //p' "$NODE_FOLDER/discovery.conf" | base64 --decode > "$CA"

# Of the cluster, not of this server alone, and only if its certificate is signed by the cluster's own authority.
api_answers() {
  curl --silent --fail --max-time 5 --output /dev/null --cacert "$CA" "$API/readyz"
}

# release_of URL: what the API server there says of itself, such as 1.36.3.
release_of() {
  curl --silent --fail --max-time 5 --cacert "$CA" "$1/version" | sed -n 's/.*"gitVersion": *"v\([^"]*\)".*/\1/p'
}

# minor RELEASE: 36 of 1.36.3
minor() { echo "$1" | cut -d. -f2; }

kubeadm_join() {
  kubeadm join --config "$NODE_FOLDER/kubeadm-join.yaml" "${KUBEADM_FLAGS[@]}"
}

# A kubelet that has its own certificate belongs to the cluster.
is_node() {
  [ -s "$KUBERNETES/kubelet.conf" ] && [ -s /var/lib/kubelet/config.yaml ]
}

# All containers of the node, and before them the kubelet, which would start them again.
kill_containers() {
  systemctl stop kubelet.service
  local task
  for task in $(ctr --namespace k8s.io tasks list --quiet); do
    ctr --namespace k8s.io tasks kill --signal SIGKILL "$task" || true
  done
}

# A failed try leaves files that block every other one, and perhaps containers.
forget_failed_join() {
  kill_containers
  rm -rf "$KUBERNETES"/*.conf "$KUBERNETES/pki" "$KUBERNETES"/manifests/*.yaml
  rm -rf /var/lib/kubelet/pki /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env
}
