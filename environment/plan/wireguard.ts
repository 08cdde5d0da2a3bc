/** The WireGuard gateway: addresses inside the tunnel and the endpoint of clients. */
import { addressAt, cidrText, parseCidr } from "../addresses";
import type { OwnerConfig } from "../config";
import type { NetworkPlan, ServerPlan, VipPlan, WireGuardPeerPlan, WireGuardPlan } from "./types";

/** The gateway takes the first host address of the tunnel's range (MK: .65 of 172.30.153.64/26). */
export function wireGuardGateway(cidr: string): string {
  return addressAt(parseCidr(cidr), 1);
}

/** A peer, with its configuration path. */
export interface ConfiguredPeer extends WireGuardPeerPlan {
  readonly path: string;
}

/** Machines and sites of `access.wireguard.peers`, then people. */
export function wireGuardPeers({ access, people }: OwnerConfig): readonly ConfiguredPeer[] {
  if (access.kind === "bastion") return [];
  return [
    ...Object.entries(access.wireguard.peers).map(([name, peer]) => ({
      path: `access.wireguard.peers.${name}`,
      name,
      ...peer,
    })),
    ...Object.entries(people).flatMap(([name, { wireguard }]) =>
      wireguard === undefined ? [] : [{ path: `people.${name}.wireguard`, name, ...wireguard }],
    ),
  ];
}

export function wireGuardPlan(
  config: OwnerConfig,
  network: NetworkPlan,
  vips: readonly VipPlan[],
  servers: readonly ServerPlan[],
): WireGuardPlan | undefined {
  if (config.access.kind === "bastion") return undefined;
  const { port } = config.access.wireguard;
  const cidr = cidrText(parseCidr(config.access.wireguard.cidr));
  return {
    cidr,
    gatewayAddress: wireGuardGateway(cidr),
    port,
    peers: wireGuardPeers(config).map(({ name, publicKey, address }) => ({ name, publicKey, address })),
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
