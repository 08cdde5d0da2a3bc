#!/bin/bash
# Renews the certificates that kubeadm has signed on this control plane. API server and etcd reload theirs; the
# controllers have to be restarted. The earliest expiry date is an annotation of the node, for `doctor`.
set -euo pipefail
readonly SETTINGS=/etc/labstead/kubernetes/kubeadm.yaml
# shellcheck source=/dev/null
. /etc/labstead/kubernetes/node.env

# The certificate on standard input.
end() {
  date --utc --date "$(openssl x509 -noout -enddate | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ
}

first_end() {
  local file
  {
    for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt; do end < "$file"; done
    # Those of the kubelet are in a file that it renews by itself.
    for file in admin controller-manager scheduler; do
      sed -n 's/^ *client-certificate-data: //p' "/etc/kubernetes/$file.conf" | base64 --decode | end
    done
  } | sort | head -n 1
}

publish() {
  kubectl --kubeconfig /etc/kubernetes/admin.conf annotate --overwrite node "$NODE_NAME" \
    "labstead.dev/certificates-end=$(first_end)"
}

if [ "${1:-}" != --publish ]; then
  kubeadm certs renew all --config "$SETTINGS"
  # The kubelet restarts them, one after the other.
  for program in kube-scheduler kube-controller-manager; do
    pkill --full "^$program " || echo "$program did not run" >&2
    sleep 5
  done
fi
publish
