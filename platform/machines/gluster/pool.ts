/** The pool of shared storage servers as input of its scripts: computed from the plan alone. */
import { addressText } from "../../../environment/address-text";
import type { EnvironmentPlan, ServerPlan, SharedStoragePlan } from "../../../environment/plan/types";
import { gibibytes } from "../../../environment/schema/quantities";
import { HEKETI_FOLDER, SHARED_VOLUME } from "../../../environment/shared-storage";
import { shellSettings } from "../../formats/shell";
import { BRICKS_FOLDER } from "./paths";

type GlusterPlan = Extract<SharedStoragePlan, { kind: "gluster" }>;

export interface Pool {
  readonly storage: GlusterPlan;
  /** Ordered by slot. */
  readonly servers: readonly ServerPlan[];
}

/** Bricks of a replica set, each on its own server: with only two, a split-brain cannot be resolved. */
const REPLICAS = 3;

/** Undefined if the environment has no Gluster. */
export function poolOf(plan: EnvironmentPlan): Pool | undefined {
  const { sharedStorage: storage } = plan;
  const servers = plan.servers
    .filter(({ role }) => role === "gluster")
    .toSorted((one, other) => one.slot - other.slot);
  return storage.kind === "gluster" ? { storage, servers } : undefined;
}

/** Names of a server's brick volumes, sorted. */
export function rawVolumes(server: ServerPlan, plan: EnvironmentPlan): readonly string[] {
  return plan.volumes
    .filter((volume) => volume.server === server.key && volume.use.kind === "raw")
    .map(({ key }) => key.slice(key.lastIndexOf("/") + 1))
    .toSorted();
}

/**
 * `ADDRESS:PATH` of all bricks, replica set by replica set. The sets are slots 0–2, 3–5 and so on, regardless of which
 * servers exist: adding or removing a server never moves another server's brick to another set. Incomplete sets wait.
 */
export function bricks({ servers }: Pool, plan: EnvironmentPlan): readonly string[] {
  const setOf = ({ slot }: ServerPlan): number => Math.floor(slot / REPLICAS);
  return [...new Set(servers.map(setOf))]
    .map((number) => servers.filter((server) => setOf(server) === number))
    .filter((set) => set.length === REPLICAS)
    .flatMap((set) => {
      const names = set[0] === undefined ? [] : rawVolumes(set[0], plan);
      return names.flatMap((name) =>
        set.map(({ address }) => `${addressText(address)}:${BRICKS_FOLDER}/${name}/data`),
      );
    });
}

/**
 * Options of the volume. A client, with all its I/O, waits `ping-timeout` seconds for a failed server: Gluster's
 * default of 42 is too long for a pod. Cache invalidation lets several NFS servers cache data that the others change.
 */
const OPTIONS: Readonly<Record<string, string>> = {
  "network.ping-timeout": "10",
  "cluster.heal-timeout": "60",
  "features.cache-invalidation": "on",
  "performance.stat-prefetch": "on",
};

const GIBIBYTE = 1024 ** 3;

/** Sourced by the scripts. */
export function poolSettings(pool: Pool, plan: EnvironmentPlan): string {
  const nfs = pool.storage.mode === "nfs";
  const pairs = (entries: Readonly<Record<string, string>>): string =>
    Object.entries(entries)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ");
  const quotas = Object.entries(pool.storage.quotas).map(([namespace, size]): [string, string] => [
    `/${namespace}`,
    String(gibibytes(size) * GIBIBYTE),
  ]);
  return shellSettings({
    PEERS: pool.servers.map(({ address }) => addressText(address)).join(" "),
    VOLUME: nfs ? SHARED_VOLUME : "",
    BRICKS: nfs ? bricks(pool, plan).join(" ") : "",
    OPTIONS: pairs(OPTIONS),
    QUOTAS: pairs(Object.fromEntries(quotas)),
  });
}

/** glusterd's state is on a volume: a new server that gets the volume continues as the old member of the pool. */
export function serverSettings(server: ServerPlan, { storage }: Pool, plan: EnvironmentPlan): string {
  const nfs = storage.mode === "nfs";
  const [first = ""] = rawVolumes(server, plan);
  return shellSettings({
    ADDRESS: addressText(server.address),
    BRICKS_FOLDER,
    BRICK_VOLUMES: nfs ? rawVolumes(server, plan).join(" ") : "",
    STATE: nfs ? `${BRICKS_FOLDER}/${first}/glusterd` : `${HEKETI_FOLDER}/glusterd`,
    HEKETI_FSTAB: nfs ? "" : `${HEKETI_FOLDER}/fstab`,
    SERVES_NFS: nfs ? "yes" : "no",
  });
}
