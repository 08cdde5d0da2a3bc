#!/bin/bash
# down.sh [--wipe]: ends what up.sh started, by the recorded process ids; --wipe also removes the folder.
set -uo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
LAB=${LABSTEAD_OPENSTACK:?names a scratch folder}
. "$HERE/lib/process.sh"

[ -d "$LAB" ] || exit 0
alone

backing=() services=()
for file in "$LAB"/run/*.pid; do
  [ -e "$file" ] || continue
  name=$(basename "$file" .pid)
  case $name in
    mariadb | rabbitmq | epmd | memcached) backing+=("$name") ;;
    *) services+=("$name") ;;
  esac
done
stop "${services[@]}"
stop "${backing[@]}"
[ "${1-}" != --wipe ] || rm -rf "$LAB"
