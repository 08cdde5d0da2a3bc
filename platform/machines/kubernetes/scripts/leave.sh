#!/bin/bash
# leave.sh PORTS…: while this server shuts down, new connections to these ports are refused, so that load balancers take
# another server at once; those that are open have some seconds to end. The rule is gone with the next boot.
set -euo pipefail
readonly SECONDS_TO_END=10
ports=$(IFS=,; echo "$*")
# Before the ports of Services are translated (-100), and after connections are told from one another (-200).
nft --file - << RULES
table inet labstead_leave {
  chain refused {
    type filter hook prerouting priority -150; policy accept;
    ct state new tcp dport { $ports } reject with tcp reset
  }
}
RULES
sleep "$SECONDS_TO_END"
