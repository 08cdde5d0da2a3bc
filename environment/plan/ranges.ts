/**
 * Which part of the subnet each role owns. A server's address is its range's start plus its slot, so adding or removing
 * a server changes no other address; addresses of no role are Neutron's allocation pools.
 */
import {
  addressAt,
  parseCidr,
  toIp,
  toNumber,
  subtractRanges,
  type AddressRange,
  type Cidr,
} from "../addresses";
import type { NetworkConfig, RangeName } from "../config";
import { memoized } from "../memoized";

/**
 * Default division, in 256ths of the subnet: [first, count]. The router has 1, Neutron's DHCP ports and Octavia's VIPs
 * have 224 to the end. In a /24 one unit is one address; a /20 has sixteen times the addresses for every role.
 */
const DEFAULT_UNITS: Readonly<Record<RangeName, readonly [first: number, count: number]>> = {
  vip: [4, 6],
  bastion: [10, 2],
  gateway: [12, 6],
  loadBalancer: [18, 8],
  controlPlane: [26, 8],
  gluster: [34, 12],
  nfs: [46, 2],
  applicationServers: [48, 32],
  desktops: [80, 32],
  workers: [112, 96],
  tenants: [208, 16],
};

/** Addresses of one tenant: the VIP and three load-balancer servers, one /30. */
export const TENANT_ADDRESSES = 4;

export type Ranges = Readonly<Record<RangeName, AddressRange>>;

export const RANGE_NAMES = Object.keys(DEFAULT_UNITS) as readonly RangeName[];

/** The range of each role: the configured one, or its share of the subnet. */
export const plannedRanges = memoized((network: NetworkConfig): Ranges => {
  const subnet = parseCidr(network.cidr);
  const entries = RANGE_NAMES.map(
    (name) => [name, network.ranges[name] ?? defaultRange(subnet, name)] as const,
  );
  return Object.fromEntries(entries) as Record<RangeName, AddressRange>;
});

function defaultRange(subnet: Cidr, name: RangeName): AddressRange {
  const [first, count] = DEFAULT_UNITS[name];
  const unit = Math.floor(subnet.size / 256);
  return { start: addressAt(subnet, first * unit), end: addressAt(subnet, (first + count) * unit - 1) };
}

export function rangeSize(range: AddressRange): number {
  return toNumber(range.end) - toNumber(range.start) + 1;
}

export function addressInRange(range: AddressRange, offset: number): string {
  return toIp(toNumber(range.start) + offset);
}

export function gatewayIp(network: NetworkConfig): string {
  const chosen = network.kind === "existing" ? network.gatewayIp : undefined;
  return chosen ?? addressAt(parseCidr(network.cidr), 1);
}

/**
 * Addresses that Neutron may assign itself: the subnet without its network, gateway and broadcast addresses and without
 * every planned range.
 */
export function allocationPools(network: NetworkConfig): readonly AddressRange[] {
  const subnet = parseCidr(network.cidr);
  const gateway = gatewayIp(network);
  const hosts = { start: addressAt(subnet, 1), end: addressAt(subnet, subnet.size - 2) };
  return subtractRanges(hosts, [...Object.values(plannedRanges(network)), { start: gateway, end: gateway }]);
}

export function rangeText(range: AddressRange): string {
  return range.start === range.end ? range.start : `${range.start}–${range.end}`;
}

/** A range as nftables writes it. */
export function rangeHyphen(range: AddressRange): string {
  return `${range.start}-${range.end}`;
}
