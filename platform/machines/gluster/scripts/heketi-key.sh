#!/bin/bash
# heketi-key.sh PUBLIC FILE ADDRESS: lets the holder of a key in from one address, to run commands and nothing else.
set -euo pipefail
line=$(ssh-keygen -i -m PKCS8 -f "$1")
mkdir -p "$(dirname "$2")"
# A server that works on itself comes from its own address or from loopback.
printf 'from="%s,127.0.0.1",no-port-forwarding,no-agent-forwarding,no-X11-forwarding %s heketi\n' "$3" "$line" > "$2.new"
chmod 0644 "$2.new"
mv "$2.new" "$2"
