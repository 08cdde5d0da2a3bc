/** What the configuration says beyond resources: who decides on changes, what is known of the project, where settings are. */
import type { AllowedChange } from "../changes";
import type { AccessConfig, ClusterConfig, QuotaConfig, StorageConfig } from "../config";

/** How people outside come to the cluster's API and to servers. */
export interface AccessPlan {
  readonly operator: AccessConfig["operator"];
  /** Networks that may reach the bastion's SSH; absent where there is no bastion. */
  readonly sshFrom?: readonly string[];
}

/** What the nodes of a cluster are set to. */
export type NodeSettingsPlan = Pick<ClusterConfig, "version" | "release" | "nodes" | "oidc">;

/** Volumes that many pods write at once, and what serves them. */
export type SharedStoragePlan = StorageConfig["shared"];

/** What is known of the project and its flavors. */
export interface ProjectPlan {
  /** By flavor. */
  readonly flavors: Readonly<Record<string, { readonly vcpus: number; readonly ramMiB: number }>>;
  /** -1 for no limit. */
  readonly limits: QuotaConfig;
}

/** Settings of a server whose change disturbs what runs. */
export const WATCHED_SETTINGS = ["flavor", "name", "image", "zone", "bootVolume"] as const;
export type WatchedSetting = (typeof WATCHED_SETTINGS)[number];

/** Where the settings of a server are in the configuration, to name the line that a change comes from. */
export interface ServerSettingsPlan {
  readonly server: string;
  readonly generation: number;
  /** What it shares with the rest of its pool: `servers.workers.general`. */
  readonly path: string;
  /** The nearest place of each: the slot's, the pool's, the environment's. */
  readonly paths: Readonly<Record<WatchedSetting, string>>;
}

export type { AllowedChange };
