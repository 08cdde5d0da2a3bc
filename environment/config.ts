/** An environment's configuration: checked, complete, with defaults; no later code resolves defaults. */
import type { ExistingSettings, OwnerSettings, TenantSettings } from "./schema/environment";

/** Named after its stack. */
export type OwnerConfig = OwnerSettings & { readonly name: string };
/** A tenant: it uses the cluster of another environment. */
export type TenantEnvironmentConfig = TenantSettings & { readonly name: string };
/** Applications on an existing cluster: no servers, no network. */
export type ExistingClusterConfig = ExistingSettings & { readonly name: string };
/** A checked, complete configuration of any kind. */
export type EnvironmentConfig = OwnerConfig | TenantEnvironmentConfig | ExistingClusterConfig;

/** An environment with servers of its own. */
export type ServersEnvironmentConfig = OwnerConfig | TenantEnvironmentConfig;

/** Whether an environment has a cluster of its own. */
export function isOwner(config: EnvironmentConfig): config is OwnerConfig {
  return config.cluster.kind === "own";
}

/** Whether an environment uses the cluster of another one. */
export function isTenant(config: EnvironmentConfig): config is TenantEnvironmentConfig {
  return config.cluster.kind === "shared";
}

/** Whether an environment uses an existing cluster. */
export function isOnExistingCluster(config: EnvironmentConfig): config is ExistingClusterConfig {
  return config.cluster.kind === "existing";
}

export type { AcceptedFindingsConfig } from "./schema/accepted-findings";
export type { AccessConfig } from "./schema/access";
export type { AppsConfig } from "./schema/environment";
export type { CniConfig } from "./schema/cni";
export type { Deployment } from "./schema/deploy";
export type { HostMountConfig } from "./schema/mounts";
export type { CloudConfig, OctaviaConfig } from "./schema/cloud";
export type {
  ClusterConfig,
  EdgeConfig,
  KubernetesMinor,
  StorageConfig,
  TenantConfig,
} from "./schema/cluster";
export type { NamespaceLimitsConfig } from "./schema/namespaces";
export type { RulesConfig } from "./schema/rules";
export type { LogsConfig } from "./schema/logs";
export type { NetworkConfig, RangeName } from "./schema/network";
export type { IngressConfig } from "./schema/ingress";
export type { PortsConfig } from "./schema/ports";
export type { Price, PricesConfig } from "./schema/prices";
export type { QuotaConfig, QuotaName } from "./schema/quota";
export type {
  Application,
  ControlPlaneConfig,
  PoolConfig,
  ServerRole,
  ServersConfig,
  VolumeConfig,
  WorkerPoolConfig,
} from "./schema/servers";
export type { Size } from "./schema/quantities";
export type { SoftwareConfig } from "./schema/software";
export type { AliasConfig } from "./schema/storage-classes";
