#!/bin/bash
# The Kubernetes releases of this control plane, its cluster and its peers. Sourced after common.sh.
readonly SETTINGS=$NODE_FOLDER/kubeadm.yaml
readonly ADMIN_OF_CLUSTER=${CA%/*}/admin.conf

admin_kubectl() { kubectl --kubeconfig "$KUBERNETES/admin.conf" --request-timeout=30s "$@"; }

own_release() { sed -n 's/^kubernetesVersion: v//p' "$SETTINGS"; }

# The release in kubeadm's settings in the cluster.
cluster_release() {
  admin_kubectl --namespace kube-system get configmap kubeadm-config --output 'jsonpath={.data.ClusterConfiguration}' |
    sed -n 's/^kubernetesVersion: v//p'
}

# may_follow RELEASE: whether this server's release is a valid successor of that one. Empty: unknown.
may_follow() {
  if [ -z "$1" ]; then return 0; fi
  local own step
  own=$(own_release)
  step=$(($(minor "$own") - $(minor "$1")))
  if [ "$step" -eq 0 ] || [ "$step" -eq 1 ]; then return 0; fi
  say "this server has Kubernetes $own and its cluster $1: a release is followed by the next one only, and by none before"
  return 1
}

# The newest control plane writes the settings that new nodes join with. An older one, such as one that reboots during an
# upgrade, does not change them.
carry_settings() {
  local cluster own
  cluster=$(cluster_release) || return 1
  own=$(own_release)
  if is_older "$own" "$cluster"; then
    say "the cluster's settings are those of Kubernetes $cluster already"
    return 0
  fi
  if is_older "$cluster" "$own"; then say "the cluster goes from Kubernetes $cluster to $own"; fi
  # With its own admin.conf kubeadm connects to the API server of this server, which a joining one does not have yet.
  install -m 0600 "$KUBERNETES/admin.conf" "$ADMIN_OF_CLUSTER"
  kubeadm init phase upload-config all --config "$SETTINGS" --kubeconfig "$ADMIN_OF_CLUSTER" >&2
}

# is_older ONE OTHER
is_older() {
  [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort --version-sort | head -n 1)" = "$1" ]
}
