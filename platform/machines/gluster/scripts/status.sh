#!/bin/bash
# status.sh: whether the shared volume is healthy: every brick online, no pending heals. Reports what is not.
. "$(dirname "$0")/common.sh"

[ -n "${VOLUME:-}" ] || refuse "this pool's volumes are Heketi's: ask gluster volume status"
problems=$(
  brick_states "$VOLUME" | awk '$2 != 1 { print $1 " is offline" }'
  gluster_ volume heal "$VOLUME" info | awk '
    /^Brick / { brick = $2 }
    /^Number of entries:/ && $4 != 0 { print brick " has " $4 " entries to heal" }'
)
if [ -n "$problems" ]; then
  echo "$problems"
  exit 1
fi
echo "$VOLUME is whole"
