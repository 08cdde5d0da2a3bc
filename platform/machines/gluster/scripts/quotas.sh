#!/bin/bash
# quotas.sh: sets the planned limit of each folder of the volume; other limits are removed.
. "$(dirname "$0")/common.sh"

readonly MOUNT=/run/labstead/gluster-mount

# One `PATH BYTES` a line.
limits() {
  gluster_ --xml volume quota "$VOLUME" list 2>/dev/null | sed 's/></>\n</g' | awk -F '[<>]' '
    $2 == "path" { path = $3 } $2 == "hard_limit" { print path, $3 }' || true
}

wanted() { tr ' ' '\n' <<< "$QUOTAS" | sed -n 's/=/ /p'; }

# With a longer interval much more than the limit is written before it is enforced.
enable_quota() {
  local have option
  have=$(gluster_ volume info "$VOLUME")
  grep -Fxq "features.quota: on" <<< "$have" || gluster_ volume quota "$VOLUME" enable
  for option in hard-timeout soft-timeout; do
    grep -Fxq "features.$option: 0" <<< "$have" || gluster_ volume quota "$VOLUME" "$option" 0
  done
}

# A folder must exist before it can have a limit. The provisioner removes an empty folder with its last claim, and
# Gluster the limit with it.
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
