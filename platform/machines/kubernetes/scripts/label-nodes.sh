#!/bin/bash
# Sets missing labels that a kubelet may not set on its own node.
set -euo pipefail
readonly LABELS=/etc/labstead/kubernetes/node-labels
export KUBECONFIG=/etc/kubernetes/admin.conf

nodes=$(kubectl get nodes --show-labels --no-headers)
while read -r node wanted; do
  present=$(echo "$nodes" | awk -v node="$node" '$1 == node { print $NF }')
  if [ -z "$present" ]; then continue; fi
  missing=()
  for label in $wanted; do
    case ",$present," in
      *",$label,"*) ;;
      *) missing+=("$label") ;;
    esac
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    kubectl label --overwrite node "$node" "${missing[@]}"
  fi
done < "$LABELS"
