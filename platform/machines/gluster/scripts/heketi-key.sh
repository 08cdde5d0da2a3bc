#!/bin/bash
# heketi-key.sh PUBLIC FILE ADDRESS: authorizes a key from one address, for running commands only.
set -euo pipefail
line=$(ssh-keygen -i -m PKCS8 -f "$1")
mkdir -p "$(dirname "$2")"
# A server connects to itself from its own address or from loopback.
printf 'from="%s,127.0.0.1",no-port-forwarding,no-agent-forwarding,no-X11-forwarding %s heketi\n' "$3" "$line" > "$2.new"
chmod 0644 "$2.new"
mv "$2.new" "$2"
