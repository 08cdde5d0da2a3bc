#!/bin/bash
# check-ganesha.sh FILE: whether Ganesha accepts these settings. It has no mode that only checks them, so it is started
# without access to anything: the only error that is expected then is that there is no volume.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/log
# /run is hidden from it.
cp "$1" "$work/ganesha.conf"
# shellcheck disable=SC2016
unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '
  for folder in /run /var/lib/nfs /var/log/ganesha; do mkdir -p "$folder"; mount -t tmpfs check "$folder"; done
  mkdir -p /run/ganesha /var/lib/nfs/ganesha
  ip link set lo up
  ganesha.nfsd -F -L STDOUT -N NIV_EVENT -f "$1" -p /run/check.pid &
  while sleep 0.2; do :; done' sh "$work/ganesha.conf" > "$log" 2>&1 &
child=$!
for _ in $(seq 100); do
  if grep -Eq "NFS SERVER INITIALIZED|Server exiting" "$log"; then break; fi
  sleep 0.2
done
kill -KILL "$child" 2>/dev/null || true
wait "$child" 2>/dev/null || true
wrong=$(
  grep -Eo "Config [Ff]ile \(.*" "$log" |
    grep -Ev "(1 validation errors in block|Errors processing block) \(?(FSAL|EXPORT)\)?$" || true
)
if [ -n "$wrong" ] || ! grep -q "NFS SERVER INITIALIZED" "$log"; then
  echo "${wrong:-Ganesha did not start: $(tail -n 3 "$log")}" >&2
  exit 1
fi
