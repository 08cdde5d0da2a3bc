#!/bin/bash
# What the scripts of a shared storage server have in common. Sourced.
set -euo pipefail

readonly STORAGE_SETTINGS=/etc/labstead/gluster
# shellcheck source=/dev/null
. "$STORAGE_SETTINGS/server.env"
if [ -r "$STORAGE_SETTINGS/pool.env" ]; then
  # shellcheck source=/dev/null
  . "$STORAGE_SETTINGS/pool.env"
fi

say() { echo "$*" >&2; }
refuse() { say "$*"; exit 1; }

# No question is asked, and no answer waited for longer than glusterd itself waits for its peers.
gluster_() { timeout 150 gluster --mode=script "$@"; }

# The pool as a server of it sees it: `UUID<tab>HOSTNAME<tab>STATE` in lines; nothing when it does not answer.
pool_of() { timeout 10 gluster --remote-host="$1" pool list 2>/dev/null | tail -n +2 || true; }

# One fact of each brick of a volume in a line: `HOST:PATH STATUS`, where 1 is online.
brick_states() {
  gluster_ --xml volume status "$1" | sed 's/></>\n</g' | awk -F '[<>]' '
    $2 == "hostname" { host = $3 } $2 == "path" { path = $3 } $2 == "status" { status = $3 }
    $2 == "/node" { if (path ~ "^/") print host ":" path, status; path = "" }'
}

# Bricks that a volume has, in lines.
bricks_of() { gluster_ volume info "$1" | sed -n 's/^Brick[0-9][0-9]*: //p'; }

volume_exists() { gluster_ volume list 2>/dev/null | grep -Fxq "$1"; }
