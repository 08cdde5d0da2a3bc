import {
  addressAt,
  contains,
  parseCidr,
  rangesOverlap,
  toNumber,
  type AddressRange,
  type Cidr,
} from "../addresses";
import type { NetworkConfig, RangeName } from "../config";
import { finding, type Finding } from "../findings";
import {
  allocationPools,
  gatewayIp,
  plannedRanges,
  RANGE_NAMES,
  rangeText,
  TENANT_ADDRESSES,
} from "../plan/ranges";

/** A smaller subnet cannot give every role a range of its own. */
const LONGEST_PREFIX = 24;

/**
 * Ranges that are outside the subnet, overlap, or leave no address for Neutron. With an error here all addresses are
 * invalid.
 */
export function checkRanges(network: NetworkConfig): readonly Finding[] {
  const subnet = parseCidr(network.cidr);
  if (subnet.prefix > LONGEST_PREFIX) {
    const what = `"${network.cidr}" has ${subnet.size} addresses, too few to give every role a range of its own`;
    return [finding("network.too-small", "network.cidr", what, `widen it to a /${LONGEST_PREFIX} or more`)];
  }
  const chosen = [
    ...checkGateway(network, subnet),
    ...RANGE_NAMES.flatMap((name) => checkRange(network, subnet, name)),
  ];
  return chosen.length > 0 ? chosen : [...checkOverlaps(network), ...checkPools(network)];
}

function checkGateway(network: NetworkConfig, subnet: Cidr): Finding[] {
  const gateway = gatewayIp(network);
  if (contains(subnet, gateway)) return [];
  return [
    finding(
      "network.gateway-outside",
      "network.gatewayIp",
      `"${gateway}" is outside ${network.cidr}`,
      "write the gateway of the subnet, as `openstack subnet show` prints it",
    ),
  ];
}

function checkRange(network: NetworkConfig, subnet: Cidr, name: RangeName): Finding[] {
  const range = network.ranges[name];
  if (range === undefined) return [];
  const path = `network.ranges.${name}`;
  const text = rangeText(range);
  const outside = (what: string, fix: string) => [finding("range.outside", path, `${text} ${what}`, fix)];
  if (!contains(subnet, range.start) || !contains(subnet, range.end)) {
    return outside(`is outside ${network.cidr}`, "move it into the subnet");
  }
  if (toNumber(range.end) < toNumber(range.start)) {
    return outside("ends before it starts", "swap `start` and `end`");
  }
  if (range.start === addressAt(subnet, 0) || range.end === addressAt(subnet, subnet.size - 1)) {
    return outside(
      "contains the subnet's first or last address, which no server can have",
      "leave those two out",
    );
  }
  if (name === "tenants" && toNumber(range.start) % TENANT_ADDRESSES !== 0) {
    const what = `${text} does not start at a multiple of ${TENANT_ADDRESSES}`;
    return [
      finding("range.unaligned", path, what, "move its start, so that each tenant's addresses are one /30"),
    ];
  }
  return [];
}

interface Taken {
  /** As the user knows it. */
  readonly what: string;
  readonly path: string;
  readonly range: AddressRange;
  /** False for a default, which the user has not written. */
  readonly written: boolean;
}

function checkOverlaps(network: NetworkConfig): Finding[] {
  const gateway = gatewayIp(network);
  const taken: readonly Taken[] = [
    {
      what: "the gateway",
      path: "network.gatewayIp",
      range: { start: gateway, end: gateway },
      written: network.kind === "existing" && network.gatewayIp !== undefined,
    },
    ...RANGE_NAMES.map((name) => ({
      what: `the range ${name}`,
      path: `network.ranges.${name}`,
      range: plannedRanges(network)[name],
      written: network.ranges[name] !== undefined,
    })),
  ];
  return taken.flatMap((first, index) =>
    taken
      .slice(index + 1)
      .filter((second) => rangesOverlap(first.range, second.range))
      .map((second) => (second.written ? overlap(second, first) : overlap(first, second))),
  );
}

function overlap({ path, range }: Taken, other: Taken): Finding {
  const what = `${rangeText(range)} shares addresses with ${other.what}, ${rangeText(other.range)}`;
  return finding("range.overlap", path, what, "move or shrink one of them");
}

function checkPools(network: NetworkConfig): Finding[] {
  if (network.kind === "existing" || allocationPools(network).length > 0) return [];
  return [
    finding(
      "range.exhausted",
      "network.ranges",
      "the ranges leave Neutron no address for its DHCP ports",
      "make one of them smaller, or widen network.cidr",
    ),
  ];
}
