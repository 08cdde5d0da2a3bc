#!/bin/bash
# heketi-backup.sh FOLDER [SERVER…]: copies Heketi's current database to this and the pool's other servers. Copies of 14
# days are kept; each is read back to verify it.
set -euo pipefail
readonly FOLDER=$1 KEEP=14
shift
readonly KEY=/etc/heketi/ssh_key

name=heketi-$(date --utc +%Y%m%dT%H%M%SZ).db
mkdir -p "$FOLDER"
python3 "$(dirname "$0")/heketi.py" backup "$FOLDER/.new"
mv "$FOLDER/.new" "$FOLDER/$name"

# shellcheck disable=SC2016
prune='cd "$0" && ls -1 | grep "^heketi-.*\.db$" | sort | head -n -"$1" | xargs --no-run-if-empty rm --'
sh -c "$prune" "$FOLDER" "$KEEP"

failed=0
for server in "$@"; do
  # The host key is unknown: the private network is trusted, as Heketi itself does.
  to=(ssh -i "$KEY" -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ConnectTimeout=10 "heketi@$server")
  # shellcheck disable=SC2029
  "${to[@]}" "sudo mkdir -p '$FOLDER' && sudo tee '$FOLDER/$name' > /dev/null && sudo sh -c '$prune' '$FOLDER' $KEEP" \
    < "$FOLDER/$name" || { echo "$server has no copy" >&2; failed=1; }
done
exit "$failed"
