import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { vipAddresses } from "../plan/load-balancers";
import { rangeSize, rangeText, type Ranges } from "../plan/ranges";
import { membersOf, poolsOf, type Member, type PoolMembers } from "../plan/slots";
import { servesNfs } from "../shared-storage";
import { duplicatePairs } from "./duplicates";

/** Slots that do not exist, and a maximum below the minimum. */
export function checkPool(pool: PoolMembers): Finding[] {
  const { config, path, max } = pool;
  const wanted = "max" in config && typeof config.max === "number" ? config.max : config.min;
  const below =
    wanted < config.min
      ? [
          finding(
            "server.max-below-min",
            `${path}.max`,
            `${wanted} is less than min, ${config.min}`,
            "raise max, or lower min",
          ),
        ]
      : [];
  const named = [
    ...config.removed.map((slot) => [`${path}.removed`, slot] as const),
    ...Object.keys(config.overrides).map((slot) => [`${path}.overrides.${slot}`, Number(slot)] as const),
  ];
  const exist =
    max === 0
      ? "the pool has no slots"
      : max === 1
        ? "the pool has slot 0 only"
        : `the pool has slots 0 to ${max - 1}`;
  const unknown = named
    .filter(([, slot]) => slot >= max)
    .map(([where, slot]) =>
      finding(
        "server.slot-unknown",
        where,
        `slot ${slot} does not exist, ${exist}`,
        "remove it, or raise min",
      ),
    );
  return [...below, ...unknown];
}

/** Named servers choose their slot; two in one slot would have one address. */
export function checkSlots(members: readonly Member[]): Finding[] {
  const named = members.filter(isNamed);
  return duplicatePairs(named, (member) => `${member.role} ${member.slot}`).map(([first, second]) =>
    finding(
      "server.slot-clash",
      `${second.path}.slot`,
      `${second.slot} is already the slot of ${first.key}`,
      "choose a free slot",
    ),
  );
}

function isNamed(member: Member): boolean {
  return member.role === "applicationServers" || member.role === "desktops";
}

/** Enough free addresses in the ranges. */
export function checkPoolCapacity(config: OwnerConfig, ranges: Ranges): readonly Finding[] {
  const pools = poolsOf(config.servers);
  return [
    ...checkWorkerRanges(config, ranges),
    ...pools.flatMap((pool) => checkPoolRange(pool, config, ranges)),
    ...checkServerRange(membersOf(config), ranges),
    ...checkVips(config, ranges),
  ];
}

/** Pools share the workers' range, so each declares its part. */
function checkWorkerRanges(config: OwnerConfig, ranges: Ranges): Finding[] {
  const pools = Object.entries(config.servers.workers);
  const placed = pools
    .flatMap(([name, { range }]) => (range === undefined ? [] : [{ name, ...range }]))
    .sort((a, b) => a.start - b.start);
  return [...checkMissingRanges(config), ...checkPlaces(placed, rangeSize(ranges.workers))];
}

function checkMissingRanges(config: OwnerConfig): Finding[] {
  const pools = Object.entries(config.servers.workers);
  if (pools.length < 2) return [];
  return pools
    .filter(([, pool]) => pool.range === undefined)
    .map(([name]) =>
      finding(
        "range.missing",
        `servers.workers.${name}.range`,
        "is missing, and there are several worker pools",
        "write {start, size}, counted from the start of the workers' range; a pool that exists already keeps its addresses with start 0",
      ),
    );
}

interface Place {
  readonly name: string;
  readonly start: number;
  readonly size: number;
}

/** `placed` ordered by their starts. */
function checkPlaces(placed: readonly Place[], room: number): Finding[] {
  return placed.flatMap((pool, index) => {
    const path = `servers.workers.${pool.name}.range`;
    const end = pool.start + pool.size;
    const before = placed.slice(0, index).find((each) => each.start + each.size > pool.start);
    const overlap =
      before === undefined
        ? []
        : [
            finding(
              "range.overlap",
              path,
              `begins at ${pool.start}, inside the range of pool ${before.name}`,
              `start it at ${before.start + before.size} or later`,
            ),
          ];
    const outside =
      end <= room
        ? []
        : [
            finding(
              "range.exhausted",
              path,
              `ends at ${end}, but the workers' range has ${room} addresses`,
              "widen network.ranges.workers, or shrink this range",
            ),
          ];
    return [...overlap, ...outside];
  });
}

function checkPoolRange(pool: PoolMembers, config: OwnerConfig, ranges: Ranges): Finding[] {
  const part = pool.role === "workers" ? config.servers.workers[pool.name]?.range : undefined;
  const room = part?.size ?? rangeSize(ranges[pool.range]);
  if (pool.max <= room) return [];
  return [
    finding(
      "range.exhausted",
      `${pool.path}.${pool.max > pool.config.min ? "max" : "min"}`,
      `${pool.max} servers do not fit the ${room} addresses of their range`,
      `widen ${part === undefined ? `network.ranges.${pool.range}` : `${pool.path}.range`}`,
    ),
  ];
}

function checkServerRange(members: readonly Member[], ranges: Ranges): Finding[] {
  return members
    .filter((member) => isNamed(member) && member.offset >= rangeSize(ranges[member.range]))
    .map((member) => {
      const range = ranges[member.range];
      return finding(
        "range.exhausted",
        `${member.path}.slot`,
        `${member.slot} lies beyond the ${rangeSize(range)} addresses ${rangeText(range)}`,
        `choose a smaller slot, or widen network.ranges.${member.range}`,
      );
    });
}

function checkVips(config: OwnerConfig, ranges: Ranges): Finding[] {
  const [room, needed] = [rangeSize(ranges.vip), vipAddresses(config)];
  if (room >= needed) return [];
  const whose = servesNfs(config.storage.shared)
    ? "the API's, the edge's and the storage's"
    : "the API's and the edge's";
  const what = `${rangeText(ranges.vip)} has ${room} address${room === 1 ? "" : "es"}, but ${whose} VIP need one each`;
  return [finding("range.exhausted", "network.ranges.vip", what, `widen it to ${needed} addresses`)];
}
