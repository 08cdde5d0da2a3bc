/** A person's WireGuard files: the tunnel's configuration, and a helper that checks for conflicting routes first. */
import type { NetworkPlan, WireGuardPeerPlan, WireGuardPlan } from "../../environment/plan/types";
import { TUNNEL_INTERFACE, tunnelMtu } from "../../environment/tunnel";

/** Placeholder of the private key, which only its owner has. */
const PRIVATE_KEY_PLACEHOLDER = "PASTE-YOUR-PRIVATE-KEY-HERE";
const PRIVATE_KEY = /^PrivateKey = (.+)$/m;

/** Seconds between packets that keep a NAT router's mapping alive (WireGuard's own recommendation). */
const KEEPALIVE_SECONDS = 25;

export interface TunnelEnd {
  /** Public address of the gateway. */
  readonly address: string;
  readonly publicKey: string;
}

/** `wg0.conf` of one peer, as wg-quick reads it. */
export function tunnelFile(
  { port, allowedIps }: WireGuardPlan,
  { mtu }: NetworkPlan,
  peer: WireGuardPeerPlan,
  { address, publicKey }: TunnelEnd,
): string {
  return `[Interface]
# ${peer.name}
Address = ${peer.address}/32
MTU = ${tunnelMtu(mtu)}
PrivateKey = ${PRIVATE_KEY_PLACEHOLDER}

[Peer]
PublicKey = ${publicKey}
Endpoint = ${address}:${port}
AllowedIPs = ${allowedIps.join(", ")}
PersistentKeepalive = ${KEEPALIVE_SECONDS}
`;
}

/** A new file with the private key that its owner added to the previous one. */
export function withPrivateKeyOf(before: string, file: string): string {
  const key = PRIVATE_KEY.exec(before)?.[1];
  return key === undefined ? file : file.replace(PRIVATE_KEY, () => `PrivateKey = ${key}`);
}

/**
 * `wg-up`: a lab's network often has the same range as a home or institute network. The tunnel would then cut off a
 * printer or a gateway there, or not work at all; so it is refused if another route to that network already exists.
 */
export function tunnelUpScript({ allowedIps }: WireGuardPlan, { publicKey }: WireGuardPeerPlan): string {
  return `#!/usr/bin/env bash
# Brings the tunnel up, unless this computer reaches one of its networks by another way already.
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
file="$folder/${TUNNEL_INTERFACE}.conf"

refuse() {
  printf '%s\\n' "$@" >&2
  exit 1
}

for program in wg wg-quick; do
  command -v "$program" >/dev/null ||
    refuse "there is no $program here; install wireguard-tools, such as: apt install wireguard-tools"
done
command -v ip >/dev/null ||
  refuse "there is no ip here, so routes cannot be compared; look yourself, then: wg-quick up $file"

key=$(sed -n 's/^PrivateKey = //p' "$file")
if [ "$key" = ${PRIVATE_KEY_PLACEHOLDER} ]; then
  refuse "$file has no private key yet" \\
    "put in your own, whose public half the lab knows: ${publicKey}"
fi
public=$(wg pubkey <<<"$key" 2>/dev/null) || refuse "PrivateKey in $file is none; paste the line that wg genkey printed"
if [ "$public" != '${publicKey}' ]; then
  refuse "the private key in $file is not yours: its public half is $public" \\
    "the lab knows: ${publicKey}"
fi

# Routes into a network, and those around it. Not the way to everywhere, which the tunnel's narrower routes go before;
# other VPNs write it as two halves.
others() {
  { ip -4 route show root "$1"; ip -4 route show match "$1"; } |
    sed -E '/^(default|0\\.0\\.0\\.0\\/1|128\\.0\\.0\\.0\\/1) /d; / dev ${TUNNEL_INTERFACE}( |$)/d' | sort -u
}

clash=0
for network in ${allowedIps.join(" ")}; do
  routes=$(others "$network")
  [ -n "$routes" ] || continue
  echo "$network is reached by another way already:" >&2
  printf '%s\\n' "$routes" | sed 's/^/  /' >&2
  clash=1
done
[ "$clash" -eq 0 ] || refuse "leave that network, or ask the lab for another range; nothing was changed"

exec wg-quick up "$file"
`;
}
