import { addressAt, contains, coverWorld, parseCidr } from "../addresses";
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { apiFloatingIp, usesApiVip, edgeVip } from "../plan/load-balancers";
import { wireGuardGateway, wireGuardPeers } from "../plan/wireguard";
import { duplicatePairs } from "./duplicates";

/** Access: peers within the tunnel, a public endpoint, and a warning for rules that are open to the internet. */
export function checkAccess(config: OwnerConfig): readonly Finding[] {
  return [
    ...checkWorld(config),
    ...checkBastion(config),
    ...checkPeers(config),
    ...checkEndpoint(config),
    ...checkOperator(config),
    ...checkApiAddress(config),
    ...checkFirstPush(config),
  ];
}

function checkWorld(config: OwnerConfig): Finding[] {
  const { access } = config;
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ...(access.kind === "wireguard" ? [] : [["access.ssh.from", access.ssh.from] as const]),
    ...(access.operator.kind === "allowlist"
      ? [["access.operator.from", access.operator.from] as const]
      : []),
  ];
  return ways
    .filter(([, from]) => coverWorld(from))
    .map(([path]) =>
      finding(
        "access.world",
        path,
        "is open to the whole internet",
        "list the networks of your operators instead",
      ),
    );
}

function checkBastion(config: OwnerConfig): Finding[] {
  const { access, servers } = config;
  if (access.kind === "wireguard" || servers.bastion === undefined || servers.bastion.floatingIp) return [];
  return [
    finding(
      "access.bastion-address",
      "servers.bastion.floatingIp",
      "is false, so the bastion can only be reached from inside",
      "set it to true, unless the network is routed to you",
    ),
  ];
}

/** The longest prefix with addresses for the gateway and a peer in addition to the network's own two. */
const TUNNEL_PREFIX = 30;

function checkPeers(config: OwnerConfig): Finding[] {
  if (config.access.kind === "bastion") return [];
  const { cidr } = config.access.wireguard;
  const tunnel = parseCidr(cidr);
  if (tunnel.prefix > TUNNEL_PREFIX) {
    const what = `"${cidr}" has no room for the gateway and a peer`;
    return [
      finding("network.too-small", "access.wireguard.cidr", what, `widen it to a /${TUNNEL_PREFIX} or more`),
    ];
  }
  const list = wireGuardPeers(config);
  const problem = (path: string, key: "name" | "address" | "publicKey", explanation: string, fix: string) =>
    finding("access.peer", `${path}.${key}`, explanation, fix);
  return [
    ...list.flatMap(({ path, address }) => {
      const misfit = addressMisfit(address, cidr);
      return misfit === undefined
        ? []
        : [problem(path, "address", `"${address}" ${misfit}`, `choose another address of ${cidr}`)];
    }),
    ...duplicatePairs(list, (peer) => peer.address).map(([first, { path, address }]) =>
      problem(path, "address", `"${address}" already belongs to ${first.name}`, "choose a free one"),
    ),
    ...duplicatePairs(list, (peer) => peer.publicKey).map(([first, { path }]) =>
      problem(
        path,
        "publicKey",
        `is already the key of ${first.name}`,
        "let each person create their own key",
      ),
    ),
  ];
}

/** Why a peer cannot have an address, if so. */
function addressMisfit(address: string, cidr: string): string | undefined {
  const tunnel = parseCidr(cidr);
  if (!contains(tunnel, address)) return `is outside the tunnel ${cidr}`;
  if (address === wireGuardGateway(cidr)) return "is the gateway's own address";
  const ends = [addressAt(tunnel, 0), addressAt(tunnel, tunnel.size - 1)];
  return ends.includes(address)
    ? "is the tunnel's first or last address, which cannot be assigned"
    : undefined;
}

/** A WireGuard client needs an address that it can connect to from outside. */
function checkEndpoint(config: OwnerConfig): Finding[] {
  const { access, cluster, edge, servers } = config;
  if (access.kind === "bastion") return [];
  const byVip = cluster.api.kind === "haproxy" && apiFloatingIp(config);
  const byEdge = edge.kind === "haproxy" && edge.on === "gateway" && edge.floatingIp;
  if (byVip || byEdge || servers.gateway?.floatingIp === true) return [];
  return [
    finding(
      "access.endpoint",
      "servers.gateway.floatingIp",
      "is false, and no VIP on the gateways has a floating IP: WireGuard clients have no address to connect to",
      "set it to true",
    ),
  ];
}

/** The tunnel's own files are pushed over SSH, and without a bastion SSH goes through the tunnel. */
function checkFirstPush({ access }: OwnerConfig): Finding[] {
  if (access.kind !== "wireguard") return [];
  return [
    finding(
      "access.first-push",
      "access.kind",
      "is wireguard, so servers are reached through a tunnel that a new environment does not have yet",
      "write both, with a bastion, until the first up has ended and wg-quick up wg0 works; later, replace gateways one at a time",
    ),
  ];
}

function checkOperator(config: OwnerConfig): Finding[] {
  const { access } = config;
  const problem = (explanation: string, fix: string) => [
    finding("access.operator", "access.operator.kind", explanation, fix),
  ];
  switch (access.operator.kind) {
    case "tunnel":
      if (access.kind !== "wireguard") return [];
      return problem(
        '"tunnel" needs a bastion, and access.kind is wireguard',
        "write wireguard, or set access.kind to both",
      );
    case "wireguard":
      if (access.kind !== "bastion") return [];
      return problem(
        '"wireguard" needs the gateway, and access.kind is bastion',
        "write tunnel, or set access.kind to both",
      );
    case "allowlist":
      if (apiFloatingIp(config)) return [];
      return problem(
        '"allowlist" opens the API\'s address, which has no floating IP',
        `set ${config.cluster.api.kind === "direct" ? "servers.controlPlane.floatingIp" : "cluster.api.floatingIp"} to true, or write tunnel or wireguard`,
      );
  }
}

/** Kept where it is requested, because people may use the address; the admitted networks stay unchanged. */
function checkApiAddress(config: OwnerConfig): Finding[] {
  const { access, cluster } = config;
  if (cluster.api.kind === "direct" || cluster.api.floatingIp !== true) return [];
  const sharedWithEdge = edgeVip(config) === "api";
  if (usesApiVip(config) || sharedWithEdge) return [];
  return [
    finding(
      "access.api-address",
      "cluster.api.floatingIp",
      `is true, but access.operator.kind ${access.operator.kind} admits no client from outside: the address cannot be used`,
      "leave the key out, or write access.operator: {kind: allowlist, from: […]}",
    ),
  ];
}
