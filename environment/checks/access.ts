import { contains, parseCidr } from "../addresses";
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { wireGuardGateway } from "../plan/wireguard";
import { isWorld } from "./network";
import { clashes } from "./servers";

/** The ways in: peers that fit the tunnel, an endpoint to dial, and nothing open to the world unnoticed. */
export function checkAccess(config: OwnerConfig): readonly Finding[] {
  return [
    ...checkWorld(config),
    ...checkBastion(config),
    ...checkPeers(config),
    ...checkEndpoint(config),
    ...checkOperator(config),
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
    .filter(([, from]) => from.some(isWorld))
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

function checkPeers(config: OwnerConfig): Finding[] {
  if (config.access.kind === "bastion") return [];
  const { cidr, peers } = config.access.wireguard;
  const gateway = wireGuardGateway(cidr);
  const list = Object.entries(peers).map(([name, peer]) => ({
    name,
    ...peer,
    path: `access.wireguard.peers.${name}`,
  }));
  return [
    ...list
      .filter((peer) => !contains(parseCidr(cidr), peer.address))
      .map((peer) =>
        finding(
          "access.peer",
          `${peer.path}.address`,
          `"${peer.address}" is outside ${cidr}`,
          "choose an address of the tunnel",
        ),
      ),
    ...list
      .filter((peer) => peer.address === gateway)
      .map((peer) =>
        finding(
          "access.peer",
          `${peer.path}.address`,
          `"${peer.address}" is the gateway's own address`,
          "choose the next free one",
        ),
      ),
    ...clashes(list, (peer) => peer.address).map(([first, peer]) =>
      finding(
        "access.peer",
        `${peer.path}.address`,
        `"${peer.address}" already belongs to ${first.name}`,
        "choose the next free one",
      ),
    ),
    ...clashes(list, (peer) => peer.publicKey).map(([first, peer]) =>
      finding(
        "access.peer",
        `${peer.path}.publicKey`,
        `is already the key of ${first.name}`,
        "let each person make a key of their own",
      ),
    ),
  ];
}

/** A WireGuard client needs an address that it can dial from outside. */
function checkEndpoint(config: OwnerConfig): Finding[] {
  if (config.access.kind === "bastion") return [];
  const { api } = config.cluster;
  const byVip = api.kind === "haproxy" && api.floatingIp;
  const byEdge = config.edge.kind === "haproxy" && config.edge.on === "gateway" && config.edge.floatingIp;
  if (byVip || byEdge || config.servers.gateway?.floatingIp === true) return [];
  return [
    finding(
      "access.endpoint",
      "servers.gateway.floatingIp",
      "is false, and no VIP on the gateways has a floating IP: WireGuard clients have nothing to dial",
      "set it to true",
    ),
  ];
}

function checkOperator(config: OwnerConfig): Finding[] {
  const { access, cluster } = config;
  const { operator } = access;
  const problem = (explanation: string, fix: string) => [
    finding("access.endpoint", "access.operator.kind", explanation, fix),
  ];
  switch (operator.kind) {
    case "tunnel":
      return access.kind === "wireguard"
        ? problem(
            '"tunnel" needs a bastion, and access.kind is wireguard',
            "write wireguard, or set access.kind to both",
          )
        : [];
    case "wireguard":
      return access.kind === "bastion"
        ? problem(
            '"wireguard" needs the gateway, and access.kind is bastion',
            "write tunnel, or set access.kind to both",
          )
        : [];
    case "allowlist": {
      const open =
        cluster.api.kind === "direct" ? config.servers.controlPlane.floatingIp : cluster.api.floatingIp;
      return open
        ? []
        : problem(
            '"allowlist" opens the API\'s address, which has no floating IP',
            "set the floating IP, or write tunnel",
          );
    }
  }
}
