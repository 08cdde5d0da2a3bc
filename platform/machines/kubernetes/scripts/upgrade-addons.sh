#!/bin/bash
# Upgrades CoreDNS and kube-proxy to the release of the control planes once all of these have it: kube-proxy must not be
# newer than an API server.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=release.sh
. "$(dirname "$0")/release.sh"
# shellcheck source=proxy.sh
. "$(dirname "$0")/proxy.sh"

# The planned control planes, and every other server of the API.
api_servers() {
  local served
  served=$(admin_kubectl --namespace default get endpointslices --selector kubernetes.io/service-name=kubernetes \
    --output 'jsonpath={.items[*].endpoints[*].addresses[*]}')
  # shellcheck disable=SC2086 # several words
  printf '%s\n' "$NODE_ADDRESS" $PEERS $served | sort --unique
}

own=$(own_release)
image=$(proxy_image)
# A network plugin that replaces kube-proxy has removed it.
if [ -z "$image" ] || ! is_older "${image##*:v}" "$own"; then exit 0; fi
for address in $(api_servers); do
  release=$(release_of "https://$address:6443" || true)
  if [ "$release" != "$own" ]; then
    say "kube-proxy and CoreDNS stay as they are: the API server of $address has ${release:-not answered}, not $own"
    exit 0
  fi
done
say "bringing CoreDNS and kube-proxy from ${image##*:v} to $own"
# The image of kube-proxy shows an upgrade that is not complete.
kubeadm init phase addon coredns --config "$SETTINGS"
kubeadm init phase addon kube-proxy --config "$SETTINGS"
