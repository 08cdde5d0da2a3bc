#!/bin/bash
# reconcile.sh: reconciles the pool and its volume with the plan, periodically. Every step checks the current state
# first, so that it can be repeated, interrupted, or done by another server.
. "$(dirname "$0")/common.sh"

readonly ID=/var/lib/glusterd/glusterd.info
readonly READY=/run/labstead/gluster-volume

own_uuid() { sed -n 's/^UUID=//p' "$ID"; }
peers_known() { gluster_ peer status | sed -n 's/^Hostname: //p; /^[0-9.]*$/p'; }
has_peers() { [ -n "$(ls -A /var/lib/glusterd/peers 2>/dev/null)" ]; }
others() { tr ' ' '\n' <<< "$PEERS" | grep -Fxv "$ADDRESS"; }

# A new server whose state was lost resumes as the peer that the others know at its address: its UUID, and the peers.
adopt_identity() {
  has_peers && return 0
  local peer pool uuid
  for peer in $(others); do
    pool=$(pool_of "$peer")
    uuid=$(awk -v address="$ADDRESS" '$2 == address { print $1 }' <<< "$pool")
    [ -n "$uuid" ] || continue
    say "$peer knows this server as $uuid: taking its place again"
    # glusterd creates its file at the first request for its UUID.
    gluster_ system:: uuid get > /dev/null
    systemctl stop glusterd.service
    sed -i "s/^UUID=.*/UUID=$uuid/" "$ID"
    mkdir -p /var/lib/glusterd/peers
    awk -v self="$ADDRESS" -v peer="$peer" '
      $2 != self { print $1, $2 == "localhost" ? peer : $2 }' <<< "$pool" |
      while read -r id host; do
        printf 'uuid=%s\nstate=3\nhostname1=%s\n' "$id" "$host" > "/var/lib/glusterd/peers/$id"
      done
    systemctl start glusterd.service
    return 0
  done
}

# One server acts: the first in the plan that responds and belongs to the pool. Without a pool, only the first server of
# the plan may create it: two servers would create two pools, which cannot be merged.
acts() {
  local peer founder=""
  for peer in $PEERS; do
    [ -n "$founder" ] || founder=$peer
    if [ "$(pool_of "$peer" | wc -l)" -gt 1 ]; then
      [ "$peer" = "$ADDRESS" ]
      return
    fi
  done
  [ "$founder" = "$ADDRESS" ]
}

# Probing a server whose firewall is still closed would block glusterd for two minutes.
answers() { timeout 3 bash -c "exec 3<> /dev/tcp/$1/24007" 2>/dev/null; }

# The first peers may know this server by name only; bricks are addressed by IP, so all peers need its address.
form_pool() {
  local peer known
  known=$(peers_known)
  for peer in $(others); do
    grep -Fxq "$peer" <<< "$known" && continue
    if ! answers "$peer"; then say "$peer does not answer yet"; continue; fi
    gluster_ peer probe "$peer" || say "$peer does not join yet"
  done
}

# @param bricks; whether all their servers are there
connected() {
  local brick list
  list=$(gluster_ pool list)
  for brick in "$@"; do
    [ "${brick%%:*}" = "$ADDRESS" ] || grep -Eq "[[:space:]]${brick%%:*}[[:space:]]+Connected" <<< "$list" || return 1
  done
}

make_volume() {
  local -a first
  read -r -a first <<< "$BRICKS"
  first=("${first[@]:0:3}")
  volume_exists "$VOLUME" && return 0
  connected "${first[@]}" || { say "not all servers of $VOLUME are there yet"; return 1; }
  gluster_ volume create "$VOLUME" replica 3 transport tcp "${first[@]}"
}

# Three bricks are one replica set; files are distributed over the sets.
grow_volume() {
  local -a all
  local index have grown=no
  read -r -a all <<< "$BRICKS"
  have=$(bricks_of "$VOLUME")
  for ((index = 0; index < ${#all[@]}; index += 3)); do
    grep -Fxq "${all[index]}" <<< "$have" && continue
    connected "${all[@]:index:3}" || continue
    gluster_ volume add-brick "$VOLUME" replica 3 "${all[@]:index:3}"
    grown=yes
  done
  if [ "$grown" = yes ] && [ -n "$have" ]; then gluster_ volume rebalance "$VOLUME" start; fi
}

set_options() {
  local option name have
  have=$(gluster_ volume info "$VOLUME")
  for option in $OPTIONS; do
    name=${option%%=*}
    grep -Fxq "$name: ${option#*=}" <<< "$have" || gluster_ volume set "$VOLUME" "$name" "${option#*=}"
  done
}

# A volume that an operator stopped stays stopped; a brick process that exited is restarted.
start_volume() {
  case $(gluster_ volume info "$VOLUME" | sed -n 's/^Status: //p') in
    Created) gluster_ volume start "$VOLUME" ;;
    Started)
      if brick_states "$VOLUME" | grep -q ' 0$'; then gluster_ volume start "$VOLUME" force; fi
      ;;
    *) say "$VOLUME was stopped and stays so"; return 1 ;;
  esac
}

# Every server asks its own glusterd, so that its NFS server starts as soon as there is a volume.
tell_ready() {
  if gluster_ volume info "$VOLUME" 2>/dev/null | grep -Fxq "Status: Started"; then
    mkdir -p "$(dirname "$READY")"
    touch "$READY"
    # Only where the plan has one; the unit itself waits for its settings.
    [ "$SERVES_NFS" = no ] || systemctl start --no-block nfs-ganesha.service
  fi
}

main() {
  local failed=0
  [ -n "${PEERS:-}" ] || { say "the pool's settings have not come yet"; exit 0; }
  adopt_identity
  # The pool continues without a brick that an operator has to check.
  if [ -n "$VOLUME" ]; then "$(dirname "$0")/refill.sh" || failed=1; fi
  if acts; then
    form_pool
    if [ -n "$VOLUME" ] && make_volume; then
      grow_volume
      set_options
      start_volume && "$(dirname "$0")/quotas.sh"
    fi
  elif has_peers; then
    form_pool
  fi
  if [ -n "$VOLUME" ]; then tell_ready; fi
  return "$failed"
}

main
