#!/bin/bash
# Makes this server a control plane: it resumes if its etcd data exist, else joins, else initializes the cluster if it
# holds the permit. It never initializes a second one.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=etcd.sh
. "$(dirname "$0")/etcd.sh"
# shellcheck source=release.sh
. "$(dirname "$0")/release.sh"
# shellcheck source=proxy.sh
. "$(dirname "$0")/proxy.sh"

readonly PERMIT=$NODE_FOLDER/init-permit
# The permit while it is in use; it is never issued again.
readonly FOUNDING=$NODE_FOLDER/founding
# Beside the data, on the same volume: marks them as those of a member that has joined its cluster. Contains the release
# that wrote them last.
readonly MEMBER=$ETCD/member-of-cluster
# Digest of the settings that the running control plane was created from.
readonly APPLIED=$STATE_FOLDER/kubeadm-applied

is_member() { [ -e "$MEMBER" ] && [ -d "$ETCD_DATA/member" ]; }
is_set_up() { is_node && [ -s "$KUBERNETES/manifests/etcd.yaml" ] && [ -s "$APPLIED" ]; }

settings_hash() { sha256sum < "$SETTINGS"; }
remember_settings() {
  own_release > "$MEMBER"
  settings_hash > "$APPLIED"
}

# The root disk is new, the etcd volume is not: the same member, without a join.
resume() {
  say "resuming as the member whose data lie in $ETCD_DATA"
  may_follow "$(cat "$MEMBER")" || return 1
  forget_failed_join
  place_authorities
  kubeadm init --config "$SETTINGS" "${KUBEADM_FLAGS[@]}" \
    --skip-phases=preflight,upload-config,upload-certs,bootstrap-token,addon,show-join-command
  until carry_settings; do sleep 3; done
}

# join PEER
join() {
  say "joining the cluster of $1"
  if [ -d "$KUBERNETES/manifests" ]; then forget_failed_join; fi
  place_authorities || return 1
  remove_own_member "$1" || return 1
  set_data_aside
  carry_before_join || return 1
  if kubeadm_join; then
    own_release > "$MEMBER"
    return 0
  fi
  forget_failed_join
  return 1
}

# kubeadm joins with the cluster's settings, so they are uploaded first.
carry_before_join() {
  kubeadm init phase kubeconfig admin --config "$SETTINGS" >&2
  if ! api_answers; then
    say "$API does not answer /readyz"
    return 1
  fi
  local cluster
  cluster=$(cluster_release) || return 1
  may_follow "$cluster" || return 1
  if [ "$cluster" != "$(own_release)" ]; then carry_settings; fi
}

may_found() { [ -e "$PERMIT" ] || [ -e "$FOUNDING" ]; }

# etcd starts first and alone: the settings that would initialize another cluster are removed before anything depends on
# it, and from then on no empty folder starts a new cluster, here or on any server that joins.
found() {
  say "founding the cluster"
  if [ -e "$PERMIT" ]; then mv "$PERMIT" "$FOUNDING"; fi
  place_authorities || return 1
  local phase
  for phase in "certs all" "etcd local" "kubeconfig kubelet" kubelet-start; do
    # shellcheck disable=SC2086 # a phase and its part are two words
    kubeadm init phase $phase --config "$NODE_FOLDER/kubeadm-found.yaml" || return 1
  done
  wait_for_own_etcd || return 1
  settle_own_etcd || return 1
  kubeadm init --config "$SETTINGS" --skip-phases=preflight,kubelet-start,show-join-command \
    "${KUBEADM_FLAGS[@]}" || return 1
  own_release > "$MEMBER"
  rm -f "$FOUNDING"
}

wait_for_own_etcd() {
  local try
  for try in {1..120}; do
    if etcd_call "$NODE_ADDRESS" member/list '{"linearizable":true}' > /dev/null; then return 0; fi
    sleep 1
  done
  say "etcd did not start in $try seconds"
  return 1
}

# etcd gets the settings that initialize nothing before an API server depends on it. Without an API server the kubelet
# replaces no pod, so etcd would restart under the first one, and the controller manager would lose its lease for 20 s.
settle_own_etcd() {
  kill_containers
  kubeadm init phase etcd local --config "$SETTINGS" || return 1
  systemctl start kubelet.service
  wait_for_own_etcd
}

# Nodes join by their own certificates: a token would be another credential.
remove_bootstrap_tokens() {
  admin_kubectl --namespace kube-system delete secrets --field-selector type=bootstrap.kubernetes.io/token ||
    say "the bootstrap token that kubeadm made ends by itself within a day"
}

become_member() {
  local peer
  if peer=$(cluster_peer); then
    join "$peer"
  elif may_found; then
    found && remove_bootstrap_tokens
  else
    say "no etcd answers on ${PEERS:-any other server}, and this server has no permit to found a cluster"
    return 1
  fi
}

# Certificates are written first: without them no peer connects to this server.
cluster_peer() {
  if [ ! -s "$KUBERNETES/pki/apiserver-etcd-client.crt" ]; then place_authorities; fi
  answering_peer
}

# Applies settings that were pushed to a running control plane: names in its certificate, arguments of its programs.
apply_settings() {
  if [ "$(cat "$APPLIED" 2> /dev/null)" = "$(settings_hash)" ]; then return 0; fi
  say "applying changed settings"
  rm -f "$KUBERNETES/pki/apiserver.crt" "$KUBERNETES/pki/apiserver.key"
  kubeadm init phase certs apiserver --config "$SETTINGS"
  kubeadm init phase control-plane all --config "$SETTINGS"
  carry_settings
  carry_proxy_settings
  remember_settings
}

if is_member && is_set_up; then
  apply_settings
elif is_member; then
  resume
  remember_settings
else
  until become_member; do
    sleep 3
  done
  remember_settings
fi
"$(dirname "$0")/renew-certificates.sh" --publish || say "the end of the certificates is published by the next renewal"
