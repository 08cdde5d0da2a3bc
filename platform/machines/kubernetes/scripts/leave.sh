#!/bin/bash
# leave.sh PORTS…: while this server shuts down, refuses new connections to these ports, so that load balancers switch to
# another server at once; open connections have some seconds to end. The rule does not survive a reboot.
set -euo pipefail
readonly SECONDS_TO_END=10
ports=$(IFS=,; echo "$*")
# Before destination NAT of Services (-100), and after connection tracking (-200).
nft --file - << RULES
table inet labstead_leave {
  chain refused {
    type filter hook prerouting priority -150; policy accept;
    ct state new tcp dport { $ports } reject with tcp reset
  }
}
RULES
sleep "$SECONDS_TO_END"
