/** Settings beside resources: allowed changes, limits of the project, configuration paths. */
import type { AllowedChange } from "../changes";
import type { PricesPlan } from "./types-prices";
import type { AccessConfig, ClusterConfig, QuotaConfig, StorageConfig } from "../config";

/** How people connect from outside to the cluster's API and to servers. */
export interface AccessPlan {
  readonly operator: AccessConfig["operator"];
  /** Networks that may reach the bastion's SSH; absent where there is no bastion. */
  readonly sshFrom?: readonly string[];
}

/** What the nodes of a cluster are set to. */
export type NodeSettingsPlan = Pick<ClusterConfig, "version" | "release" | "nodes" | "oidc">;

/** Shared storage (ReadWriteMany), and its servers. */
export type SharedStoragePlan = StorageConfig["shared"];

/** Limits of the project, sizes of its flavors, and its prices. */
export interface ProjectPlan {
  /** By flavor. */
  readonly flavors: Readonly<Record<string, { readonly vcpus: number; readonly ramMiB: number }>>;
  /** -1 for no limit. */
  readonly limits: QuotaConfig;
  /** Absent if none are configured. */
  readonly prices?: PricesPlan;
}

/** Settings of a server whose change is disruptive. */
export const WATCHED_SETTINGS = ["flavor", "name", "image", "zone", "bootVolume"] as const;
export type WatchedSetting = (typeof WATCHED_SETTINGS)[number];

/** Configuration paths of a server's settings, so that messages can name the line of a change. */
export interface ServerSettingsPlan {
  readonly server: string;
  readonly generation: number;
  /** Path of its pool's settings: `servers.workers.general`. */
  readonly path: string;
  /** Most specific path of each: the slot's, the pool's or the environment's. */
  readonly paths: Readonly<Record<WatchedSetting, string>>;
}

export type { AllowedChange };
