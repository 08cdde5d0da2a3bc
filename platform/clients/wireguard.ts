/** What a person needs to dial in by WireGuard: the tunnel's file, and a helper that looks before it leaps. */
import type { WireGuardPeerPlan, WireGuardPlan } from "../../environment/plan/types";

/** Stands where the private key goes, which its owner makes and nobody else ever sees. */
export const PRIVATE_KEY_PLACEHOLDER = "PASTE-YOUR-PRIVATE-KEY-HERE";

/** Seconds between packets that keep a NAT router's mapping alive (WireGuard's own recommendation). */
const KEEPALIVE_SECONDS = 25;

export interface TunnelEnd {
  /** Public address of the gateway. */
  readonly endpoint: string;
  readonly publicKey: string;
  readonly mtu: number;
}

/** `wg0.conf` of one peer, as wg-quick reads it. */
export function tunnelFile(plan: WireGuardPlan, peer: WireGuardPeerPlan, end: TunnelEnd): string {
  return `[Interface]
Address = ${peer.address}/32
MTU = ${end.mtu}
PrivateKey = ${PRIVATE_KEY_PLACEHOLDER}

[Peer]
PublicKey = ${end.publicKey}
Endpoint = ${end.endpoint}:${plan.port}
AllowedIPs = ${plan.allowedIps.join(", ")}
PersistentKeepalive = ${KEEPALIVE_SECONDS}
`;
}

/**
 * `wg-up`: a lab's network is often one that a home or an institute uses too. Then the tunnel would take away the way to
 * a printer or a gateway, or not work at all; so it is refused where another route leads there already.
 */
export function tunnelUpScript(plan: WireGuardPlan): string {
  return `#!/usr/bin/env bash
# Brings the tunnel up, unless this computer reaches one of its networks by another way already.
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
file="$folder/wg0.conf"

if grep -q '${PRIVATE_KEY_PLACEHOLDER}' "$file"; then
  echo "$file has no private key yet: put in what 'wg genkey' gave you, whose public half the lab knows" >&2
  exit 1
fi
if ! command -v ip >/dev/null; then
  echo "there is no 'ip' here, so routes cannot be compared; look yourself, then: wg-quick up $file" >&2
  exit 1
fi
clash=0
for network in ${plan.allowedIps.join(" ")}; do
  # Routes inside the network, and those around it but the default one.
  routes=$({ ip -4 route show root "$network"; ip -4 route show match "$network"; } | grep -v '^default' | grep -v ' dev wg0' | sort -u || true)
  if [ -n "$routes" ]; then
    echo "$network is reached by another way already:" >&2
    printf '  %s\\n' "$routes" >&2
    clash=1
  fi
done
if [ "$clash" -ne 0 ]; then
  echo "leave that network, or ask the lab for another range; nothing was changed" >&2
  exit 1
fi
exec wg-quick up "$file"
`;
}
