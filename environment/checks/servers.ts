import type { EnvironmentConfig, OwnerConfig, ServerRole } from "../config";
import { finding, type Finding } from "../findings";
import { plannedRanges, rangeSize, rangeText, type Ranges } from "../plan/ranges";
import { membersOf, poolsOf, slotsOf, type Member, type PoolMembers } from "../plan/slots";
import { serverName } from "../plan/servers";

/** Servers: enough of each role, slots that exist, room in the ranges, names and mount points used once. */
export function checkServers(config: OwnerConfig): readonly Finding[] {
  const pools = poolsOf(config.servers);
  const members = membersOf(config);
  const ranges = plannedRanges(config.network);
  return [
    ...checkControlPlane(config),
    ...checkWorkers(config),
    ...checkNeededRoles(config),
    ...pools.flatMap(checkPool),
    ...checkWorkerRanges(config, rangeSize(ranges.workers)),
    ...checkRoom(config, pools, members, ranges),
    ...checkSlots(members),
    ...checkNames(members, config),
    ...pools.flatMap((pool) => checkMounts(pool.path, pool.config.volumes)),
    ...Object.entries(config.servers.applicationServers).flatMap(([name, each]) =>
      checkMounts(`servers.applicationServers.${name}`, each.volumes),
    ),
  ];
}

function checkControlPlane(config: OwnerConfig): Finding[] {
  const { controlPlane } = config.servers;
  const count = slotsOf(controlPlane).length;
  const path = "servers.controlPlane.min";
  const direct = config.cluster.api.kind === "direct";
  if (count === 0)
    return [
      finding("control-plane.none", path, "leaves the cluster without a control plane", "write 1, 3 or 5"),
    ];
  if (direct && count > 1)
    return [
      finding(
        "api.direct-many",
        "cluster.api.kind",
        `"direct" reaches only one of ${String(count)} control planes`,
        "write haproxy or octavia",
      ),
    ];
  if (count % 2 === 0)
    return [
      finding(
        "control-plane.even",
        path,
        `${String(count)} control planes tolerate no more failures than ${String(count - 1)}`,
        `write ${String(count + 1)}, so that etcd has a majority`,
      ),
    ];
  if (count === 1)
    return [
      finding(
        "control-plane.single",
        path,
        "a single control plane is down while it is replaced",
        "write 3 for a lab that people depend on",
      ),
    ];
  return [];
}

function checkWorkers(config: OwnerConfig): Finding[] {
  const workers = Object.values(config.servers.workers).some((pool) => slotsOf(pool).length > 0);
  if (workers || config.servers.controlPlane.schedulable) return [];
  return [
    finding(
      "workers.none",
      "servers.workers",
      "leaves pods nowhere to run",
      "add a pool, or set servers.controlPlane.schedulable to true",
    ),
  ];
}

interface Need {
  readonly role: ServerRole & ("bastion" | "gateway" | "loadBalancer" | "gluster");
  readonly because: string;
  readonly needed: boolean;
}

function checkNeededRoles(config: OwnerConfig): Finding[] {
  const { access, cluster, edge, storage } = config;
  const needs: readonly Need[] = [
    { role: "bastion", because: `access.kind ${access.kind}`, needed: access.kind !== "wireguard" },
    { role: "gateway", because: `access.kind ${access.kind}`, needed: access.kind !== "bastion" },
    {
      role: "gateway",
      because: "cluster.api.kind haproxy",
      needed: access.kind === "bastion" && cluster.api.kind === "haproxy",
    },
    {
      role: "loadBalancer",
      because: "edge.on loadBalancer",
      needed: edge.kind === "haproxy" && edge.on === "loadBalancer",
    },
    { role: "gluster", because: "storage.shared.kind gluster", needed: storage.shared.kind === "gluster" },
  ];
  return needs
    .filter(
      ({ role, needed }) => needed && slotsOf(config.servers[role] ?? { min: 0, removed: [] }).length === 0,
    )
    .map(({ role, because }) =>
      finding(
        "server.missing",
        `servers.${role}`,
        `has no server, but ${because} needs one`,
        `add servers.${role} with a flavor`,
      ),
    );
}

/** Slots that are named but do not exist, and a maximum below the minimum. */
export function checkPool(pool: PoolMembers): Finding[] {
  const { config, path } = pool;
  const max = "max" in config && typeof config.max === "number" ? config.max : undefined;
  const below =
    max !== undefined && max < config.min
      ? [
          finding(
            "server.max-below-min",
            `${path}.max`,
            `${String(max)} is less than min (${String(config.min)})`,
            "raise max, or lower min",
          ),
        ]
      : [];
  const limit = Math.max(config.min, max ?? 0);
  const unknown = [
    ...config.removed.map((slot) => [`${path}.removed`, slot] as const),
    ...Object.keys(config.overrides).map((slot) => [`${path}.overrides.${slot}`, Number(slot)] as const),
  ].filter(([, slot]) => slot >= limit);
  return [
    ...below,
    ...unknown.map(([where, slot]) =>
      finding(
        "server.slot-unknown",
        where,
        `slot ${String(slot)} does not exist: the pool has 0 to ${String(limit - 1)}`,
        "remove it, or raise min",
      ),
    ),
  ];
}

/** Two pools share one role's range, so each says which part is its own. */
function checkWorkerRanges(config: OwnerConfig, size: number): Finding[] {
  const pools = Object.entries(config.servers.workers);
  if (pools.length < 2) return [];
  const missing = pools.filter(([, pool]) => pool.range === undefined);
  if (missing.length > 0) {
    return missing.map(([name]) =>
      finding(
        "range.missing",
        `servers.workers.${name}.range`,
        "is missing, and there are several pools",
        "write {start, size}, counted from the start of the workers' range; a pool that exists already keeps its addresses with start 0",
      ),
    );
  }
  const placed = pools
    .flatMap(([name, pool]) => (pool.range === undefined ? [] : [{ name, ...pool.range }]))
    .sort((a, b) => a.start - b.start);
  return placed.flatMap((pool, index) => {
    const path = `servers.workers.${pool.name}.range`;
    const before = placed[index - 1];
    if (before !== undefined && before.start + before.size > pool.start) {
      return [
        finding(
          "range.overlap",
          path,
          `begins at ${String(pool.start)}, inside the range of pool ${before.name}`,
          `start it at ${String(before.start + before.size)} or later`,
        ),
      ];
    }
    if (pool.start + pool.size > size) {
      return [
        finding(
          "range.exhausted",
          path,
          `ends at ${String(pool.start + pool.size)}, but the workers' range has ${String(size)} addresses`,
          "widen network.ranges.workers",
        ),
      ];
    }
    return [];
  });
}

function checkRoom(
  config: OwnerConfig,
  pools: readonly PoolMembers[],
  members: readonly Member[],
  ranges: Ranges,
): Finding[] {
  const fromPools = pools.flatMap((pool) => {
    const part =
      pool.role === "workers" ? config.servers.workers[pool.pool.slice("workers.".length)]?.range : undefined;
    const room = part?.size ?? rangeSize(ranges[pool.range]);
    const max = "max" in pool.config && typeof pool.config.max === "number" ? pool.config.max : 0;
    const wanted = Math.max(pool.config.min, max);
    if (wanted <= room) return [];
    const fix = part === undefined ? `widen network.ranges.${pool.range}` : `widen ${pool.path}.range`;
    return [
      finding(
        "range.exhausted",
        `${pool.path}.min`,
        `${String(wanted)} servers do not fit the ${String(room)} addresses of their range`,
        fix,
      ),
    ];
  });
  const fromNamed = members
    .filter(
      (member) =>
        (member.role === "applicationServers" || member.role === "desktops") &&
        member.offset >= rangeSize(ranges[member.range]),
    )
    .map((member) =>
      finding(
        "range.exhausted",
        `${member.path}.slot`,
        `${String(member.slot)} lies beyond ${rangeText(ranges[member.range])}`,
        `choose a smaller slot, or widen network.ranges.${member.range}`,
      ),
    );
  return [...fromPools, ...fromNamed];
}

/** Named servers choose their slot; two in one slot would have one address. */
function checkSlots(members: readonly Member[]): Finding[] {
  return clashes(members, (member) => `${member.range} ${String(member.offset)}`).map(([first, second]) =>
    finding(
      "server.slot-clash",
      `${second.path}.slot`,
      `${String(second.slot)} is already the slot of ${first.key}`,
      "choose a slot that nobody has",
    ),
  );
}

function checkNames(members: readonly Member[], config: EnvironmentConfig): Finding[] {
  return clashes(members, (member) => serverName(member, config.name)).map(([first, second]) =>
    finding(
      "server.name-clash",
      `${second.path}.name`,
      `"${serverName(second, config.name)}" is already the name of ${first.key}`,
      "choose another name",
    ),
  );
}

/** Pairs of elements with one identity, in order. */
export function clashes<T>(
  list: readonly T[],
  identity: (element: T) => string,
): readonly (readonly [first: T, second: T])[] {
  const seen = new Map<string, T>();
  return list.flatMap((element) => {
    const key = identity(element);
    const first = seen.get(key);
    if (first !== undefined) return [[first, element] as const];
    seen.set(key, element);
    return [];
  });
}

function checkMounts(path: string, volumes: PoolMembers["config"]["volumes"]): Finding[] {
  const places = Object.entries(volumes).map(([name, volume]) => ({ name, place: mountPlace(volume.use) }));
  return clashes(places, (each) => each.place).map(([first, second]) =>
    finding(
      "server.mount-clash",
      `${path}.volumes.${second.name}.use`,
      `${second.place} is already the place of volume ${first.name}`,
      "choose another place",
    ),
  );
}

function mountPlace(use: PoolMembers["config"]["volumes"][string]["use"]): string {
  switch (use.kind) {
    case "filesystem":
      return use.mountPoint;
    case "raw":
      return use.device;
    case "swap":
      return "swap";
  }
}
