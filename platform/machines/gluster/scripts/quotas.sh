#!/bin/bash
# quotas.sh: what each folder of the volume may hold, as the plan says; other limits are taken away.
. "$(dirname "$0")/common.sh"

readonly MOUNT=/run/labstead/gluster-mount

# `PATH BYTES` in lines.
limits() {
  gluster_ --xml volume quota "$VOLUME" list 2>/dev/null | sed 's/></>\n</g' | awk -F '[<>]' '
    $2 == "path" { path = $3 } $2 == "hard_limit" { print path, $3 }' || true
}

wanted() { tr ' ' '\n' <<< "$QUOTAS" | sed -n 's/=/ /p'; }

# Limits that are enforced seconds later let many times as much through.
enable_quota() {
  local have option
  have=$(gluster_ volume info "$VOLUME")
  grep -Fxq "features.quota: on" <<< "$have" || gluster_ volume quota "$VOLUME" enable
  for option in hard-timeout soft-timeout; do
    grep -Fxq "features.$option: 0" <<< "$have" || gluster_ volume quota "$VOLUME" "$option" 0
  done
}

# A folder has to be there before it can have a limit; an empty one would go with its last claim, and its limit with it.
make_folder() {
  mkdir -p "$MOUNT"
  mountpoint -q "$MOUNT" || mount -t glusterfs "localhost:/$VOLUME" "$MOUNT"
  mkdir -p "$MOUNT$1"
  touch "$MOUNT$1/.limited"
}

main() {
  local path bytes have
  if [ -z "$QUOTAS" ] && ! gluster_ volume info "$VOLUME" | grep -Fxq "features.quota: on"; then return; fi
  enable_quota
  have=$(limits)
  while read -r path bytes; do
    [ -n "$path" ] || continue
    grep -Fxq "$path $bytes" <<< "$have" && continue
    make_folder "$path"
    gluster_ volume quota "$VOLUME" limit-usage "$path" "$bytes"
  done < <(wanted)
  while read -r path _; do
    [ -z "$path" ] || wanted | grep -q "^$path " || gluster_ volume quota "$VOLUME" remove "$path"
  done <<< "$have"
  if mountpoint -q "$MOUNT"; then umount "$MOUNT"; fi
}

main
