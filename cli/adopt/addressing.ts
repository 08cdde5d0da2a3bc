/** The slots of an existing lab's servers: from their addresses if these can be planned, else in their order. */
import {
  addressAt,
  parseCidr,
  rangesOverlap,
  subtractRanges,
  toIp,
  toNumber,
  type AddressRange,
} from "../../environment/addresses";
import type { RangeName } from "../../environment/config";
import { plannedRanges, RANGE_NAMES, rangeSize, TENANT_ADDRESSES } from "../../environment/plan/ranges";
import { managedNetwork } from "../../environment/schema/network";
import { text } from "../../provider-protocol/plain";
import type { Place, Pools } from "./place";
import type { PoolKey } from "./roles";

/** Slots of a pool's servers, in the order of the servers. */
type Slots = ReadonlyMap<PoolKey, readonly number[]>;

export type Addressing =
  | {
      /** A server's address is its range's start plus its slot. */
      readonly kind: "planned";
      readonly slots: Slots;
      readonly ranges: Readonly<Record<string, AddressRange>>;
      /** The part of the workers' range that each of several pools has. */
      readonly parts: ReadonlyMap<PoolKey, { readonly start: number; readonly size: number }>;
    }
  | { readonly kind: "assigned"; readonly slots: Slots; readonly why: string };

/** Most slots of a pool, as the schema allows them. */
const MOST_SLOTS = 1000;
/** Addresses for a role without servers whose default range is taken. */
const SPARE = 16;

export function addressingOf(place: Place, pools: Pools): Addressing {
  const spans = spansOf(pools);
  const why = refusal(place, spans);
  if (why !== undefined) return { kind: "assigned", slots: inOrder(pools), why };
  const used = rolesOf(spans);
  const ranges = { ...Object.fromEntries(used), ...spareRanges(place, used) };
  const parts = new Map<PoolKey, { readonly start: number; readonly size: number }>();
  const slots = new Map<PoolKey, readonly number[]>();
  for (const [pool, span] of spans) {
    const start = toNumber(span.start);
    const role = used.get(roleOf(pool)) ?? span;
    if (roleOf(pool) === "workers")
      parts.set(pool, { start: start - toNumber(role.start), size: rangeSize(span) });
    slots.set(
      pool,
      (pools.get(pool) ?? []).map(({ address }) => toNumber(address) - start),
    );
  }
  return { kind: "planned", slots, ranges, parts };
}

export function roleOf(pool: PoolKey): RangeName {
  const [role = ""] = pool.split(".");
  return RANGE_NAMES.find((each) => each === role) ?? "workers";
}

function spansOf(pools: Pools): ReadonlyMap<PoolKey, AddressRange> {
  return new Map(
    [...pools].map(([pool, servers]) => {
      const addresses = servers.map(({ address }) => toNumber(address));
      return [pool, { start: toIp(Math.min(...addresses)), end: toIp(Math.max(...addresses)) }];
    }),
  );
}

/** The range of each role: of the workers' pools together. */
function rolesOf(spans: ReadonlyMap<PoolKey, AddressRange>): ReadonlyMap<RangeName, AddressRange> {
  const roles = new Map<RangeName, AddressRange>();
  for (const [pool, { start, end }] of spans) {
    const other = roles.get(roleOf(pool)) ?? { start, end };
    roles.set(roleOf(pool), {
      start: toIp(Math.min(toNumber(start), toNumber(other.start))),
      end: toIp(Math.max(toNumber(end), toNumber(other.end))),
    });
  }
  return roles;
}

/** Why addresses cannot be planned; undefined if they can. */
function refusal(place: Place, spans: ReadonlyMap<PoolKey, AddressRange>): string | undefined {
  const { isOwn, router, subnet } = place;
  if (!isOwn) return "the network belongs to another project";
  if (router === undefined) return "the network has no router of the project";
  const gateway = text(subnet, "gateway_ip");
  if (gateway !== addressAt(parseCidr(text(subnet, "cidr")), 1))
    return `its gateway is ${gateway === "" ? "missing" : gateway}, not the first address`;
  const wide = [...spans].find(([, span]) => rangeSize(span) > MOST_SLOTS);
  if (wide !== undefined) return `the addresses of ${wide[0]} are more than ${String(MOST_SLOTS)} apart`;
  const all = [...rolesOf(spans), ...[...spans].filter(([pool]) => roleOf(pool) === "workers")];
  for (const [index, [one, span]] of all.entries())
    for (const [other, otherSpan] of all.slice(index + 1))
      if (rangesOverlap(span, otherSpan) && !(one === "workers" && other.startsWith("workers.")))
        return `the addresses of ${one} and ${other} are mixed`;
  return undefined;
}

/** For roles without servers, where their default range is taken. */
function spareRanges(
  { subnet }: Place,
  used: ReadonlyMap<RangeName, AddressRange>,
): Readonly<Record<string, AddressRange>> {
  const cidr = text(subnet, "cidr");
  const network = managedNetwork.parse({ kind: "managed", cidr });
  const taken = [...used.values()];
  const spare: Record<string, AddressRange> = {};
  for (const [role, range] of Object.entries(plannedRanges(network))) {
    if ([...used.keys()].some((each) => each === role)) continue;
    const free = taken.some((each) => rangesOverlap(each, range)) ? freeRange(cidr, taken) : range;
    if (free !== range) spare[role] = free;
    taken.push(free);
  }
  return spare;
}

/** The end of the largest gap, without the part that Neutron needs for DHCP. */
function freeRange(cidr: string, taken: readonly AddressRange[]): AddressRange {
  const subnet = parseCidr(cidr);
  const hosts = { start: addressAt(subnet, 2), end: addressAt(subnet, subnet.size - 2) };
  const gaps = [...subtractRanges(hosts, [...taken])].sort((a, b) => rangeSize(b) - rangeSize(a));
  const [gap = hosts] = gaps;
  const size = Math.max(TENANT_ADDRESSES, Math.min(SPARE, Math.floor(rangeSize(gap) / 2)));
  // A tenant's addresses are one /30.
  const start = toNumber(gap.end) - size + 1;
  const aligned = start - (start % TENANT_ADDRESSES);
  return { start: toIp(aligned), end: toIp(aligned + size - 1) };
}

function inOrder(pools: Pools): Slots {
  return new Map([...pools].map(([pool, servers]) => [pool, servers.map((_, slot) => slot)]));
}
