#!/bin/bash
# Requests to the etcd of other control planes, by its JSON gateway. Sourced after common.sh.

# The name of this control plane in etcd, and the files of every control plane.
place_authorities() {
  install -d -m 0755 "$KUBERNETES/pki/etcd"
  local name
  for name in ca etcd/ca front-proxy-ca; do
    install -m 0644 "$NODE_FOLDER/pki/$name.crt" "$KUBERNETES/pki/$name.crt"
    install -m 0600 "$NODE_FOLDER/pki/$name.key" "$KUBERNETES/pki/$name.key"
  done
  install -m 0644 "$NODE_FOLDER/pki/sa.pub" "$KUBERNETES/pki/sa.pub"
  install -m 0600 "$NODE_FOLDER/pki/sa.key" "$KUBERNETES/pki/sa.key"
  kubeadm init phase certs apiserver-etcd-client --config "$NODE_FOLDER/kubeadm.yaml" >&2
}

# etcd_call ADDRESS METHOD BODY
etcd_call() {
  local pki=$KUBERNETES/pki
  curl --silent --fail --max-time 10 --cacert "$pki/etcd/ca.crt" --cert "$pki/apiserver-etcd-client.crt" \
    --key "$pki/apiserver-etcd-client.key" --data "$3" "https://$1:2379/v3/cluster/$2"
}

# The first other control plane whose etcd lists its members: then a cluster exists.
answering_peer() {
  local peer
  for peer in $PEERS; do
    if etcd_call "$peer" member/list '{"linearizable":true}' > /dev/null; then
      echo "$peer"
      return 0
    fi
  done
  return 1
}

# own_member PEER: id of the member with this server's address, empty if there is none.
own_member() {
  etcd_call "$1" member/list '{"linearizable":true}' | tr -d ' \n' | sed 's/},{/}\n{/g' |
    { grep -F "\"https://$NODE_ADDRESS:2380\"" || true; } | sed -n 's/.*"ID":"\([0-9]*\)".*/\1/p'
}

remove_own_member() {
  local id
  id=$(own_member "$1")
  if [ -z "$id" ]; then return 0; fi
  say "removing the stale member $id of this server"
  etcd_call "$1" member/remove "{\"ID\":\"$id\"}" > /dev/null
}

# Data that belong to no member are kept once, for inspection.
set_data_aside() {
  if [ ! -d "$ETCD_DATA" ]; then return 0; fi
  rm -rf "$ETCD_DATA.stale"
  mv "$ETCD_DATA" "$ETCD_DATA.stale"
}
