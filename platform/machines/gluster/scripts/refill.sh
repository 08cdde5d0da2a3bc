#!/bin/bash
# refill.sh: replaces a brick of this server that is empty because its disk is new, and heals it from the others of its
# replica set. A brick with any content is not touched.
. "$(dirname "$0")/common.sh"

# One file for each brick that is not healed yet, beside glusterd's state, so that interrupted work is resumed. It contains
# the step: "begun" until Gluster has accepted the brick as new, "taken" until a full heal is requested, then "healing".
readonly UNFILLED=/var/lib/glusterd/labstead-unfilled
readonly REPLICAS=3

volume_id() { gluster_ volume info "$VOLUME" | sed -n 's/^Volume ID: //p' | tr -d -; }
brick_id() {
  getfattr --absolute-names --encoding=hex -n trusted.glusterfs.volume-id "$1" 2>/dev/null |
    sed -n 's/^trusted.glusterfs.volume-id=0x//p'
}

# The state of a brick's path. An unmounted folder is no brick: its data would fill the root disk. An empty folder may
# have the volume's id: `start force` on another server writes it there, without creating a brick.
content_of() {
  local id
  id=$(brick_id "$1" || true)
  if ! mountpoint -q "$(dirname "$1")"; then echo "not mounted"
  elif [ -n "$id" ] && [ "$id" != "$(volume_id)" ]; then echo "a brick of another volume ($id)"
  elif [ -z "$(ls --almost-all "$1")" ]; then echo nothing
  elif [ -n "$id" ]; then echo ours
  else echo "files that are no brick's"
  fi
}

# The other bricks of the same replica set.
others_of() {
  bricks_of "$VOLUME" | awk -v brick="$1" -v size="$REPLICAS" '
    { all[NR] = $1; if ($1 == brick) mine = NR }
    END { first = int((mine - 1) / size) * size
      for (i = first + 1; i <= first + size; i++) if (i != mine) print all[i] }'
}

is_online() { brick_states "$VOLUME" | grep -Fxq "$1 1"; }

# Two of three copies must be present: with a single one, an operator has to decide which copy is valid.
others_online() {
  local other
  for other in $(others_of "$1"); do
    is_online "$other" || { say "$1 waits: $other is not online, and only it and one more have the data"; return 1; }
  done
}

# A glusterd that received the volume from its peers treats its own brick as new until it has loaded it from its own
# files (10.3). Running bricks survive its restart.
restart_glusterd() {
  systemctl restart glusterd.service
  for _ in $(seq 60); do
    if known_again "$1"; then return 0; fi
    sleep 1
  done
  say "the others do not see this server's glusterd again yet"
  return 1
}

# Here and on the others: they refuse requests of a peer until it has reconnected.
known_again() {
  local other
  others_online "$1" 2> /dev/null || return 1
  for other in $(others_of "$1"); do
    pool_of "${other%%:*}" | grep -Eq "[[:space:]]${ADDRESS}[[:space:]]+Connected" || return 1
  done
}

# Not accepted means that the others have no pending heal for it; Gluster may have created its own folders there already.
replace() {
  local brick=$1 mark=$2 path=${1#*:}
  others_online "$brick" || return 0
  restart_glusterd "$brick" || return 0
  say "$path takes the place of the brick that was there, and is filled from the others"
  mkdir -p "$UNFILLED"
  echo begun > "$mark"
  # Refused if it was started before, and required if not.
  gluster_ volume reset-brick "$VOLUME" "$brick" start || true
  gluster_ volume reset-brick "$VOLUME" "$brick" "$brick" commit force || return 1
  echo taken > "$mark"
}

nothing_to_heal() {
  gluster_ volume heal "$VOLUME" info | awk '
    /^Number of entries:/ { bricks++; if ($4 != "0") left++ }
    END { exit !(bricks > 0 && left == 0) }'
}

fill() {
  local brick=$1 mark=$2
  is_online "$brick" || { say "$brick is not online yet"; return 0; }
  case $(cat "$mark") in
    taken)
      gluster_ volume heal "$VOLUME" full || { say "$brick cannot be filled yet"; return 0; }
      echo healing > "$mark"
      ;;
    healing)
      nothing_to_heal || return 0
      rm "$mark"
      say "$brick is full again"
      ;;
  esac
}

main() {
  local brick path mark content failed=0
  # A volume that was never started has empty bricks.
  gluster_ volume info "$VOLUME" 2>/dev/null | grep -Fxq "Status: Started" || return 0
  for brick in $(bricks_of "$VOLUME" | grep -F "$ADDRESS:" || true); do
    path=${brick#*:}
    [ -d "$path" ] || continue
    mark=$UNFILLED/$(basename "$(dirname "$path")")
    content=$(content_of "$path")
    case $content in
      ours) if grep -sqx begun "$mark"; then replace "$brick" "$mark" || failed=1; fi ;;
      nothing) replace "$brick" "$mark" || failed=1 ;;
      *) say "$path: $content; nothing was changed. Attach the brick's own volume, or an empty one"; failed=1 ;;
    esac
    if [ -e "$mark" ]; then fill "$brick" "$mark"; fi
  done
  return "$failed"
}

main
