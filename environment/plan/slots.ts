/** Servers of a configuration: one member for each slot of a pool and each named server, in a stable order. */
import type {
  Application,
  OwnerConfig,
  PoolConfig,
  RangeName,
  ServerRole,
  ServersConfig,
  WorkerPoolConfig,
} from "../config";
import { memoized } from "../memoized";
import type { ServerUserPlan } from "./types";

type NamedServerConfig = ServersConfig["applicationServers"][string];
/** Configuration that all kinds of servers share. */
export type MemberConfig = Pick<
  NamedServerConfig,
  | "flavor"
  | "image"
  | "availabilityZones"
  | "bootVolume"
  | "volumes"
  | "floatingIp"
  | "generation"
  | "metadata"
  | "tags"
  | "applications"
>;
type Override = PoolConfig["overrides"][string];

export interface Member {
  readonly key: string;
  readonly role: ServerRole;
  readonly pool: string;
  readonly slot: number;
  /** Name without the environment's prefix. */
  readonly baseName: string;
  readonly config: MemberConfig;
  readonly override: Override;
  /** Name of the pool's server group, if its members are spread over hypervisors. */
  readonly serverGroup?: string;
  /** Applications of this server that are public. */
  readonly publicApplications: readonly Application[];
  /** Only of workers. */
  readonly node?: Pick<WorkerPoolConfig, "labels" | "taints" | "gpu" | "mounts">;
  /** Only of desktops: the user. */
  readonly user?: ServerUserPlan;
  readonly range: RangeName;
  /** Offset of the member's address from the start of its range. */
  readonly offset: number;
  /** Path of its own settings, for findings. */
  readonly path: string;
  /** Path of the settings that it shares with its pool. */
  readonly settings: string;
}

/** A pool of servers that differ by slot. */
export interface PoolMembers {
  readonly role: ServerRole;
  /** Its identity, from which all keys and names are derived; differs from `name` after a rename (`formerly`). */
  readonly pool: string;
  /** The pool's key in the configuration, such as `general`; a role's name if the role has one pool. */
  readonly name: string;
  readonly path: string;
  readonly config: PoolConfig;
  /** One more than the highest possible slot: `max` if it has one, else `min`. */
  readonly max: number;
  readonly range: RangeName;
  readonly members: readonly Member[];
}

/** Names of roles in host names and Nova. */
const ROLE_NAMES: Readonly<Record<ServerRole, string>> = {
  bastion: "bastion",
  gateway: "gateway",
  loadBalancer: "load-balancer",
  controlPlane: "control-plane",
  workers: "worker",
  gluster: "gluster",
  nfs: "nfs",
  applicationServers: "",
  desktops: "desktop",
};

/** The number of slots, and the removed ones. */
interface Slots {
  readonly min: number;
  readonly removed: readonly number[];
}

export function slotsOf(pool: Slots): readonly number[] {
  const removed = new Set(pool.removed);
  return Array.from({ length: pool.min }, (_, slot) => slot).filter((slot) => !removed.has(slot));
}

type SingleRole = Exclude<ServerRole, "workers" | "applicationServers" | "desktops">;
const SINGLE_ROLES: readonly SingleRole[] = [
  "bastion",
  "gateway",
  "loadBalancer",
  "controlPlane",
  "gluster",
  "nfs",
];

/** Pools of an owner's servers: those of roles with one pool, then the workers'. */
export const poolsOf = memoized((servers: ServersConfig): readonly PoolMembers[] => {
  const single = SINGLE_ROLES.flatMap((role) => {
    const config = servers[role];
    return config === undefined ? [] : [poolMembers(role, role, `servers.${role}`, config, 0, role)];
  });
  const workers = Object.entries(servers.workers).map(([name, config]) =>
    poolMembers(
      "workers",
      `workers.${identity(name, config)}`,
      `servers.workers.${name}`,
      config,
      config.range?.start ?? 0,
      "workers",
      config,
    ),
  );
  return [...single, ...workers];
});

/** The original key stays the identity when the key is renamed. */
export function identity(key: string, { formerly }: { readonly formerly?: string | undefined }): string {
  return formerly ?? key;
}

/** Settings of a worker pool by its identity, such as `workers.general`. */
export function workerPool({ workers }: ServersConfig, pool: string): WorkerPoolConfig | undefined {
  return Object.entries(workers).find(([key, each]) => `workers.${identity(key, each)}` === pool)?.[1];
}

/** True for a pool that has servers, or to which an autoscaler may add some. */
export function isNeeded(pool: PoolMembers): boolean {
  return pool.members.length > 0 || pool.max > pool.config.min;
}

/** The members of one pool; `firstOffset` is the start of the pool inside its role's range. */
export function poolMembers(
  role: ServerRole,
  pool: string,
  path: string,
  config: PoolConfig,
  firstOffset: number,
  range: RangeName,
  worker?: WorkerPoolConfig,
): PoolMembers {
  const own = pool.slice(pool.indexOf(".") + 1);
  const suffix = own === pool ? "" : `-${own}`;
  const members = slotsOf(config).map((slot) => ({
    key: `${pool}/${String(slot)}`,
    role,
    pool,
    slot,
    baseName: `${ROLE_NAMES[role]}${suffix}-${String(slot)}`,
    config,
    override: config.overrides[String(slot)] ?? {},
    ...(config.antiAffinity === "none" ? {} : { serverGroup: pool }),
    ...(worker === undefined ? {} : { node: worker }),
    publicApplications: [],
    range,
    offset: firstOffset + slot,
    path: `${path}.overrides.${slot}`,
    settings: path,
  }));
  const name = path.slice(path.lastIndexOf(".") + 1);
  return { role, pool, name, path, config, max: Math.max(config.min, worker?.max ?? 0), range, members };
}

/** Every server of an owner's environment. */
export function membersOf({ servers }: OwnerConfig): readonly Member[] {
  return allMembers(servers);
}

const allMembers = memoized((servers: ServersConfig): readonly Member[] => {
  const pools = poolsOf(servers).flatMap((pool) => pool.members);
  return [...pools, ...applicationMembers(servers), ...desktopMembers(servers)];
});

function applicationMembers(servers: ServersConfig): readonly Member[] {
  return Object.entries(servers.applicationServers).map(([name, config]) => ({
    key: `applicationServers/${identity(name, config)}`,
    role: "applicationServers",
    pool: "applicationServers",
    slot: config.slot,
    baseName: identity(name, config),
    config,
    override: {},
    publicApplications: config.publicApplications,
    range: "applicationServers",
    offset: config.slot,
    path: `servers.applicationServers.${name}`,
    settings: `servers.applicationServers.${name}`,
  }));
}

function desktopMembers(servers: ServersConfig): readonly Member[] {
  const desktops = servers.desktops;
  if (desktops === undefined) return [];
  return Object.entries(desktops.users).map(([user, own]) => ({
    key: `desktops/${user}`,
    role: "desktops",
    pool: "desktops",
    slot: own.slot,
    baseName: `${ROLE_NAMES.desktops}-${user}`,
    config: desktops,
    override: own.flavor === undefined ? {} : { flavor: own.flavor },
    user: { name: user, ...(own.sshKey === undefined ? {} : { sshKey: own.sshKey }) },
    publicApplications: [],
    range: "desktops",
    offset: own.slot,
    path: `servers.desktops.users.${user}`,
    settings: "servers.desktops",
  }));
}
