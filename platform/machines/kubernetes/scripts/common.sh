#!/bin/bash
# Functions of all scripts of a node. Sourced.
set -euo pipefail

readonly NODE_FOLDER=/etc/labstead/kubernetes
readonly KUBERNETES=/etc/kubernetes
# Progress of this server.
readonly STATE_FOLDER=/var/lib/labstead
install -d "$STATE_FOLDER"
# shellcheck source=/dev/null
. "$NODE_FOLDER/node.env"

# An image may list preflight checks that cannot pass on it.
KUBEADM_FLAGS=()
if [ -r /etc/default/labstead-kubeadm ]; then
  read -r -a KUBEADM_FLAGS < /etc/default/labstead-kubeadm
fi

say() { echo "$*" >&2; }

# The authority is in the same file as the cluster's address, in one line, because of user data.
readonly CA=/run/labstead/kubernetes-ca.crt
install -d "$(dirname "$CA")"
sed -n 's/^ *certificate-authority-data: //p' "$NODE_FOLDER/discovery.conf" | base64 --decode > "$CA"

# The API of the cluster, not only of this server, and only with a certificate of the cluster's own authority.
api_answers() {
  curl --silent --fail --max-time 5 --output /dev/null --cacert "$CA" "$API/readyz"
}

# release_of URL: the release of the API server there, such as 1.36.3.
release_of() {
  curl --silent --fail --max-time 5 --cacert "$CA" "$1/version" | sed -n 's/.*"gitVersion": *"v\([^"]*\)".*/\1/p'
}

# minor RELEASE: 36 of 1.36.3
minor() { echo "$1" | cut -d. -f2; }

kubeadm_join() {
  kubeadm join --config "$NODE_FOLDER/kubeadm-join.yaml" "${KUBEADM_FLAGS[@]}"
}

# A kubelet with its own certificate has joined the cluster.
is_node() {
  [ -s "$KUBERNETES/kubelet.conf" ] && [ -s /var/lib/kubelet/config.yaml ]
}

# Stops the kubelet, which would restart them, then all containers of the node.
kill_containers() {
  systemctl stop kubelet.service
  local task
  for task in $(ctr --namespace k8s.io tasks list --quiet); do
    ctr --namespace k8s.io tasks kill --signal SIGKILL "$task" || true
  done
}

# A failed attempt leaves files, and perhaps containers, that make the next one fail.
forget_failed_join() {
  kill_containers
  rm -rf "$KUBERNETES"/*.conf "$KUBERNETES/pki" "$KUBERNETES"/manifests/*.yaml
  rm -rf /var/lib/kubelet/pki /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env
}
