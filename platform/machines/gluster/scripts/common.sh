#!/bin/bash
# Functions of all scripts of a shared storage server. Sourced.
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

# Without prompts, and with the time-out that glusterd itself has for its peers.
gluster_() { timeout 150 gluster --mode=script "$@"; }

# The peers of a server's pool, one `UUID<tab>HOSTNAME<tab>STATE` a line; empty if the server does not answer.
pool_of() { timeout 10 gluster --remote-host="$1" pool list 2>/dev/null | tail -n +2 || true; }

# One value of each brick of a volume, one a line: `HOST:PATH STATUS`, where 1 is online.
brick_states() {
  gluster_ --xml volume status "$1" | sed 's/></>\n</g' | awk -F '[<>]' '
    $2 == "hostname" { host = $3 } $2 == "path" { path = $3 } $2 == "status" { status = $3 }
    $2 == "/node" { if (path ~ "^/") print host ":" path, status; path = "" }'
}

# The bricks of a volume, one a line.
bricks_of() { gluster_ volume info "$1" | sed -n 's/^Brick[0-9][0-9]*: //p'; }

volume_exists() { gluster_ volume list 2>/dev/null | grep -Fxq "$1"; }
