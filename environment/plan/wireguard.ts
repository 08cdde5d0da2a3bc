/** The WireGuard gateway: addresses inside the tunnel and where clients dial. */
import { addressAt, cidrText, parseCidr } from "../addresses";
import type { OwnerConfig } from "../config";
import type { NetworkPlan, ServerPlan, VipPlan, WireGuardPlan } from "./types";

/** The gateway takes the first host address of the tunnel's range (MK: .65 of 172.30.153.64/26). */
export function wireGuardGateway(cidr: string): string {
  return addressAt(parseCidr(cidr), 1);
}

export function wireGuardPlan(
  config: OwnerConfig,
  network: NetworkPlan,
  vips: readonly VipPlan[],
  servers: readonly ServerPlan[],
): WireGuardPlan | undefined {
  if (config.access.kind === "bastion") return undefined;
  const { port, peers } = config.access.wireguard;
  const cidr = cidrText(parseCidr(config.access.wireguard.cidr));
  return {
    cidr,
    gatewayAddress: wireGuardGateway(cidr),
    port,
    peers: Object.entries(peers).map(([name, peer]) => ({ name, ...peer })),
    allowedIps: [cidr, network.cidr],
    endpoint: wireGuardEndpoint(vips, servers) ?? { kind: "server", server: "gateway/0" },
  };
}

/** The gateways' VIP if it has a floating IP, else the first gateway that has one of its own. */
export function wireGuardEndpoint(
  vips: readonly VipPlan[],
  servers: readonly ServerPlan[],
): WireGuardPlan["endpoint"] | undefined {
  const vip = vips.find(
    (each) => each.floatingIp && each.holder === "keepalived" && each.securityGroups.includes("gateway"),
  );
  if (vip !== undefined) return { kind: "vip", vip: vip.key };
  const gateway = servers.find((server) => server.role === "gateway" && server.floatingIp);
  return gateway === undefined ? undefined : { kind: "server", server: gateway.key };
}
