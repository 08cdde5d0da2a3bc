/**
 * Environments' files against each other, without state: problems that one file alone does not show. `checkTenantOf`
 * checks a tenant against its owner.
 */
import { overlaps, parseCidr, rangesOverlap } from "../addresses";
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import type { Claimed } from "../parts/claims";
import { plannedRanges, rangeText } from "../plan/ranges";
import { distinct } from "./duplicates";
import { environmentNetworks } from "./network";

/** Findings between environments, `environments` in any order; each finding's path names the file it is about. */
export function checkEnvironmentsTogether(environments: readonly Claimed[]): readonly Finding[] {
  const claimed = environments.toSorted((a, b) => (a.config.name < b.config.name ? -1 : 1));
  const sorted = claimed.map(({ config }) => config);
  const owners = sorted.filter(isOwner);
  return [
    ...pairs(claimed).flatMap(([first, second]) => sharedHosts(first, second)),
    ...pairs(owners).flatMap(([first, second]) => sharedNetworks(first, second)),
    ...pairs(owners).flatMap(([first, second]) => sharedAddresses(first, second)),
    ...owners.flatMap((owner) => missingFiles(owner, sorted)),
  ];
}

function pairs<T>(list: readonly T[]): readonly (readonly [first: T, second: T])[] {
  return list.flatMap((second, index) => list.slice(0, index).map((first) => [first, second] as const));
}

/** A DNS name resolves to one address, so only one cluster can serve it. */
function sharedHosts(first: Claimed, second: Claimed): readonly Finding[] {
  const taken = new Set(first.claims.hosts.map(({ host }) => host));
  const own = second.claims.hosts.filter(({ host }) => taken.has(host));
  return distinct(own, ({ host }) => host)
    .toSorted((a, b) => (a.host < b.host ? -1 : 1))
    .map(({ host, path }) =>
      finding(
        "across.host",
        `Pulumi.${second.config.name}.yaml ${path}`,
        `"${host}" is already served by ${first.config.name}`,
        "choose another host",
      ),
    );
}

/** A client of two labs has routes to both, and an address in both is routed to one of them only. */
function sharedNetworks(first: OwnerConfig, second: OwnerConfig): readonly Finding[] {
  if (first.access.kind === "bastion" || second.access.kind === "bastion") return [];
  if (isSameNetwork(first, second)) return [];
  const routed = routedNetworks(first);
  return routedNetworks(second).flatMap(([path, cidr]) =>
    routed
      .filter(([, other]) => overlaps(parseCidr(cidr), parseCidr(other)))
      .map(([otherPath, other]) =>
        finding(
          "across.network",
          `Pulumi.${second.name}.yaml ${path}`,
          `"${cidr}" shares addresses with ${otherPath} of ${first.name}, ${other}: no client can connect to both by WireGuard`,
          "choose another network, or leave it if no one needs both at the same time",
        ),
      ),
  );
}

/** Two labs on one existing network plan their addresses independently, so their ranges must not overlap. */
function sharedAddresses(first: OwnerConfig, second: OwnerConfig): readonly Finding[] {
  if (!isSameNetwork(first, second)) return [];
  if ([first, second].some(({ network }) => network.kind === "existing" && network.shared)) return [];
  const [a, b] = [Object.values(plannedRanges(first.network)), Object.values(plannedRanges(second.network))];
  const meeting = b.find((range) => a.some((other) => rangesOverlap(range, other)));
  if (meeting === undefined) return [];
  return [
    finding(
      "across.address",
      `Pulumi.${second.name}.yaml network.ranges`,
      `${rangeText(meeting)} is planned by ${first.name} too, on the same network`,
      "give each of the two ranges of its own",
    ),
  ];
}

function isSameNetwork(first: OwnerConfig, second: OwnerConfig): boolean {
  const [a, b] = [first.network, second.network];
  return a.kind === "existing" && b.kind === "existing" && a.name === b.name;
}

/** Networks that a WireGuard client routes through the tunnel. */
function routedNetworks(config: OwnerConfig): ReturnType<typeof environmentNetworks> {
  return environmentNetworks(config).filter(
    ([path]) => path === "network.cidr" || path === "access.wireguard.cidr",
  );
}

function missingFiles(owner: OwnerConfig, all: readonly EnvironmentConfig[]): readonly Finding[] {
  const known = new Set(all.map((each) => each.name));
  return Object.keys(owner.tenants)
    .filter((name) => !known.has(name))
    .map((name) =>
      finding(
        "across.file",
        `Pulumi.${owner.name}.yaml tenants.${name}`,
        `is a tenant without a file: its ports are open, and nothing is known to use them`,
        `add Pulumi.${name}.yaml, or remove the tenant`,
      ),
    );
}
