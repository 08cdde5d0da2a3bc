import { overlaps, parseCidr } from "../addresses";
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { podMtu, preservesPodAddresses } from "../network-plugin";
import { poolsOf } from "../plan/slots";
import { servesNfs } from "../shared-storage";
import { tunnelMtu } from "../tunnel";

/** The networks of one environment against each other, and what a shared network does not allow. */
export function checkNetworks(config: OwnerConfig): readonly Finding[] {
  return [
    ...checkOverlaps(config),
    ...checkPodNetwork(config),
    ...checkServiceNetwork(config),
    ...checkShared(config),
    ...checkMtu(config),
  ];
}

function checkOverlaps(config: OwnerConfig): Finding[] {
  const networks = environmentNetworks(config);
  return networks.flatMap(([path, cidr], index) =>
    networks
      .slice(index + 1)
      .filter(([, other]) => overlaps(parseCidr(cidr), parseCidr(other)))
      .map(([otherPath, other]) =>
        finding(
          "network.overlap",
          otherPath,
          `"${other}" shares addresses with ${path}, ${cidr}`,
          "choose another network",
        ),
      ),
  );
}

/** Networks that must not overlap, because one machine routes to all of them. */
export function environmentNetworks(config: OwnerConfig): readonly (readonly [path: string, cidr: string])[] {
  return [
    ["network.cidr", config.network.cidr],
    ["cluster.podCidr", config.cluster.podCidr],
    ["cluster.serviceCidr", config.cluster.serviceCidr],
    ...(config.access.kind === "bastion"
      ? []
      : [["access.wireguard.cidr", config.access.wireguard.cidr] as const]),
  ];
}

/** kube-controller-manager gives each node a /24 of the pod network (`--node-cidr-mask-size`). */
const NODE_PREFIX = 24;

function checkPodNetwork({ cluster, servers }: OwnerConfig): Finding[] {
  const nodes = poolsOf(servers)
    .filter((pool) => pool.role === "workers" || pool.role === "controlPlane")
    .reduce((sum, pool) => sum + pool.max, 0);
  const room = Math.floor(2 ** (NODE_PREFIX - parseCidr(cluster.podCidr).prefix));
  if (nodes <= room) return [];
  const what = `"${cluster.podCidr}" has a /${NODE_PREFIX} for ${room} nodes, and the pools may have ${nodes}`;
  return [finding("network.too-small", "cluster.podCidr", what, "widen it, to a /16 for example")];
}

/** kube-apiserver refuses a Service network of more than 20 bits (`--service-cluster-ip-range`). */
const SERVICE_PREFIXES = { from: 12, to: 24 } as const;

function checkServiceNetwork({ cluster }: OwnerConfig): Finding[] {
  const { from, to } = SERVICE_PREFIXES;
  const { prefix } = parseCidr(cluster.serviceCidr);
  if (prefix >= from && prefix <= to) return [];
  const what = `"${cluster.serviceCidr}" has a prefix outside /${from}–/${to}`;
  return [finding("network.services", "cluster.serviceCidr", what, "choose a network of that size")];
}

/**
 * On a network of another project Neutron refuses allowed address pairs (policy `create_port:allowed_address_pairs`:
 * admin or the network's owner), which a VIP of keepalived and pods without encapsulation need.
 */
function checkShared(config: OwnerConfig): Finding[] {
  const { cluster, edge, ingress, network, storage } = config;
  if (network.kind !== "existing" || !network.shared) return [];
  const shared = "network.shared is true: Neutron lets only the network's owner";
  const problem = (path: string, explanation: string, fix: string) => [
    finding("network.shared", path, explanation, fix),
  ];
  return [
    ...(cluster.api.kind === "haproxy"
      ? problem(
          "cluster.api.kind",
          `"haproxy" needs a VIP, and ${shared} move an address between ports`,
          "write octavia, or direct for a single control plane",
        )
      : []),
    ...(edge.kind === "haproxy"
      ? problem(
          "edge.kind",
          `"haproxy" needs a VIP, and ${shared} move an address between ports`,
          "write octavia or none",
        )
      : []),
    ...(ingress.exposure.kind === "metallb"
      ? problem(
          "ingress.exposure.kind",
          `"metallb" needs a VIP, and ${shared} move an address between ports`,
          "write octavia or nodePort",
        )
      : []),
    ...(servesNfs(storage.shared)
      ? problem(
          "storage.shared.mode",
          `"nfs" needs a VIP, and ${shared} move an address between ports`,
          "write storage.shared: {kind: none}, or use a network of this project",
        )
      : []),
    ...(preservesPodAddresses(cluster.cni)
      ? problem(
          "cluster.cni",
          `sends packets with pods' own addresses, and ${shared} allow those`,
          "choose a CNI with encapsulation, such as {kind: calico, encapsulation: vxlan}",
        )
      : []),
  ];
}

/** The least that IPv6 requires of a link (RFC 8200, section 5): QUIC and answers of name servers are sized for it. */
const LEAST_MTU = 1280;

/** What is left of the network's packets inside encapsulation. */
function checkMtu({ access, cluster, network }: OwnerConfig): Finding[] {
  const { mtu } = network;
  const inside: readonly (readonly [what: string, bytes: number])[] = [
    [`pods by ${cluster.cni.kind}`, podMtu(cluster.cni, mtu)],
    ...(access.kind === "bastion" ? [] : [["the tunnel of WireGuard", tunnelMtu(mtu)] as const]),
  ];
  const small = inside.filter(([, bytes]) => bytes < LEAST_MTU);
  if (small.length === 0) return [];
  const left = small.map(([what, bytes]) => `${bytes} to ${what}`).join(" and ");
  return [
    finding(
      "network.mtu",
      "network.mtu",
      `${mtu} bytes leave ${left}, and QUIC and name servers count on ${LEAST_MTU}`,
      "use a network with a larger MTU, or a CNI without encapsulation",
    ),
  ];
}
