#!/bin/bash
# storage.sh: mounts Gluster's volumes before it starts: bricks, and glusterd's own state, so that a new server with the
# old volume is the same peer of the pool.
. "$(dirname "$0")/common.sh"

# The type of a disk's file system; empty if there is none.
content() {
  local found code=0
  dd if="$1" of=/dev/null bs=4096 count=1 2>/dev/null || refuse "$1 cannot be read"
  found=$(blkid --probe --output export "$1") || code=$?
  case $code in
    0) sed -n 's/^\(TYPE\|PTTYPE\)=//p' <<< "$found" | tail -n 1 | grep . || echo unknown ;;
    2) ;;
    *) refuse "blkid cannot tell what is on $1 (exit code $code); nothing was changed" ;;
  esac
}

# An empty disk is formatted with XFS, with inodes of 512 bytes for Gluster's attributes, as Gluster recommends.
mount_brick() {
  local device=/dev/labstead/$1 folder=$BRICKS_FOLDER/$1 found
  found=$(content "$device")
  case $found in
    "") say "$device is empty: making xfs"; mkfs.xfs -q -i size=512 "$device" ;;
    xfs) ;;
    *) refuse "$device holds $found, not xfs; nothing was changed. Attach an empty volume" ;;
  esac
  mkdir -p "$folder"
  mountpoint -q "$folder" || mount -t xfs -o noatime,inode64 "$device" "$folder"
  mkdir -p "$folder/data"
  xfs_growfs "$folder" > /dev/null || say "$folder could not be grown to the size of its disk"
}

# Heketi's bricks are on logical volumes that it created; it records their mount points.
mount_heketi_bricks() {
  local fstab=$1
  [ -s "$fstab" ] || return 0
  vgchange --activate y > /dev/null || say "not every volume group could be activated"
  awk '$2 ~ "^/" { print $2 }' "$fstab" | xargs --no-run-if-empty mkdir -p
  mount --all --fstab "$fstab" || say "not every brick of Heketi could be mounted"
}

# The hooks belong to the package and are replaced with each version; everything else in the folder belongs to the pool.
mount_state() {
  mountpoint -q /var/lib/glusterd && return 0
  mkdir -p "$STATE" /var/lib/glusterd
  local each
  for each in hooks groups; do
    [ ! -d "/var/lib/glusterd/$each" ] || cp -a "/var/lib/glusterd/$each" "$STATE/"
  done
  mount --bind "$STATE" /var/lib/glusterd
}

for volume in $BRICK_VOLUMES; do mount_brick "$volume"; done
[ -z "$HEKETI_FSTAB" ] || mount_heketi_bricks "$HEKETI_FSTAB"
mount_state
