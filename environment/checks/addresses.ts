/** Single addresses, and those of an existing subnet that Neutron assigns to others. */
import { addressAt, contains, parseCidr, rangesOverlap, toNumber, type AddressRange } from "../addresses";
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { addressInRange, plannedRanges, RANGE_NAMES, rangeText } from "../plan/ranges";
import { membersOf } from "../plan/slots";
import { environmentNetworks } from "./network";

/** For valid ranges: see `checkRanges`. */
export function checkSingleAddresses(config: OwnerConfig): readonly Finding[] {
  switch (config.network.kind) {
    case "managed":
      return checkNameServers(config, config.network.dnsNameservers);
    case "existing":
      return [...checkGateway(config.network), ...checkPools(config, config.network)];
  }
}

function checkNameServers(config: OwnerConfig, nameServers: readonly string[]): readonly Finding[] {
  if (nameServers.length === 0)
    return [
      finding(
        "network.name-servers",
        "network.dnsNameservers",
        "is empty: servers resolve names only where the cloud's DHCP names a resolver by itself",
        "list your name servers, such as [192.0.2.53], if your cloud does not",
      ),
    ];
  return nameServers.flatMap((address, index) => {
    const why = misplaced(address, config);
    if (why === undefined) return [];
    const path = `network.dnsNameservers.${String(index)}`;
    return [finding("network.address", path, `"${address}" ${why}`, "write the address of a name server")];
  });
}

/** Why no name server can answer at an address, if so. */
function misplaced(address: string, config: OwnerConfig): string | undefined {
  const [, ...others] = environmentNetworks(config);
  const other = others.find(([, cidr]) => contains(parseCidr(cidr), address));
  if (other !== undefined) return `is in ${other[0]}, ${other[1]}, which servers cannot ask`;
  const end = endOf(config.network.cidr, address);
  if (end !== undefined) return end;
  const ranges = plannedRanges(config.network);
  const name = RANGE_NAMES.find((each) => rangesOverlap(ranges[each], { start: address, end: address }));
  if (name === undefined || ownNameServers(config).includes(address)) return undefined;
  return `is in the range ${name}, ${rangeText(ranges[name])}, and no server there has the application dns`;
}

/** Addresses of DNS servers. */
function ownNameServers(config: OwnerConfig): readonly string[] {
  const ranges = plannedRanges(config.network);
  return membersOf(config)
    .filter((member) => member.config.applications.includes("dns"))
    .map((member) => addressInRange(ranges[member.range], member.offset));
}

function endOf(cidr: string, address: string): string | undefined {
  const subnet = parseCidr(cidr);
  const ends = [addressAt(subnet, 0), addressAt(subnet, subnet.size - 1)];
  return ends.includes(address) ? `is the first or last address of ${cidr}, which no host has` : undefined;
}

type ExistingNetwork = Extract<OwnerConfig["network"], { kind: "existing" }>;

function checkGateway({ cidr, gatewayIp }: ExistingNetwork): readonly Finding[] {
  const why = gatewayIp === undefined ? undefined : endOf(cidr, gatewayIp);
  if (gatewayIp === undefined || why === undefined) return [];
  const fix = "write the gateway of the subnet, as `openstack subnet show` prints it";
  return [finding("network.address", "network.gatewayIp", `"${gatewayIp}" ${why}`, fix)];
}

/** On a network of another project Neutron chooses every address. */
function checkPools(config: OwnerConfig, network: ExistingNetwork): readonly Finding[] {
  const { allocationPools, shared } = network;
  if (shared) return [];
  if (allocationPools === undefined)
    return [
      finding(
        "network.pools-unknown",
        "network.allocationPools",
        "is missing, so that planned addresses are not compared with those that Neutron gives to others",
        "write what `openstack subnet show` prints, as [{start, end}]",
      ),
    ];
  return allocationPools.flatMap((pool, index) => {
    const path = `network.allocationPools.${String(index)}`;
    return poolOutside(path, pool, network) ?? poolOverlap(path, pool, config);
  });
}

function poolOutside(
  path: string,
  pool: AddressRange,
  { cidr }: ExistingNetwork,
): readonly Finding[] | undefined {
  const subnet = parseCidr(cidr);
  const inside = contains(subnet, pool.start) && contains(subnet, pool.end);
  if (inside && toNumber(pool.start) <= toNumber(pool.end)) return undefined;
  const what = `${rangeText(pool)} is no range of ${cidr}`;
  return [finding("range.outside", path, what, "copy what `openstack subnet show` prints")];
}

function poolOverlap(path: string, pool: AddressRange, config: OwnerConfig): readonly Finding[] {
  const ranges = plannedRanges(config.network);
  const used = new Set(["vip", ...membersOf(config).map(({ range }) => range)]);
  const meeting = RANGE_NAMES.filter((name) => used.has(name) && rangesOverlap(ranges[name], pool));
  if (meeting.length === 0) return [];
  return [
    finding(
      "network.pools",
      path,
      `${rangeText(pool)} shares addresses with the ranges ${meeting.join(", ")}, and Neutron may give them to others first`,
      "move network.ranges out of the pool, or let the subnet's owner shrink it",
    ),
  ];
}
