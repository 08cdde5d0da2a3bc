/**
 * The WireGuard gateway. All gateways share one key and one address inside the tunnel: clients connect to the current
 * holder of the VIP. The firewall masquerades forwarded traffic, so replies return to the same gateway.
 */
import type { EnvironmentPlan, ServerPlan, WireGuardPlan } from "../../../environment/plan/types";
import { keyPairValues, WIREGUARD_KEY } from "../../../environment/secrets";
import { TUNNEL_INTERFACE, tunnelMtu } from "../../../environment/tunnel";
import { plainWord } from "../../formats/strings";
import { sealedFile, type MachinePart } from "../config";

const CONFIG = `/etc/wireguard/${TUNNEL_INTERFACE}.conf`;
const UNIT = `wg-quick@${TUNNEL_INTERFACE}.service`;

/** Nothing without a tunnel, or on a server that is not a gateway. */
export function wireGuardPart(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  const { wireguard } = plan;
  if (wireguard === undefined || server.role !== "gateway") return {};
  return {
    packages: [{ name: "wireguard-tools" }],
    files: [
      sealedFile(CONFIG, serverConfig(wireguard, tunnelMtu(plan.network.mtu)), {
        validate: ["wg-quick", "strip", "{}"],
        // Reloading syncs the peers: a removed one is refused at once, the others are not affected.
        apply: { kind: "reload", unit: UNIT },
      }),
    ],
    units: [{ name: UNIT, state: "enabled", needs: [CONFIG] }],
    checks: [{ name: "wireguard", run: ["wg", "show", TUNNEL_INTERFACE, "listen-port"], timeoutSeconds: 30 }],
  };
}

function serverConfig(wireguard: WireGuardPlan, mtu: number): string {
  const prefix = wireguard.cidr.split("/")[1] ?? "";
  const peers = wireguard.peers.map(
    ({ name, publicKey, address }) => `
[Peer]
# ${plainWord("WireGuard", name)}
PublicKey = ${plainWord("WireGuard", publicKey)}
AllowedIPs = ${plainWord("WireGuard", address)}/32
`,
  );
  return `[Interface]
Address = ${wireguard.gatewayAddress}/${prefix}
ListenPort = ${wireguard.port}
MTU = ${mtu}
PrivateKey = ${keyPairValues(WIREGUARD_KEY).key.toString()}
${peers.join("")}`;
}
