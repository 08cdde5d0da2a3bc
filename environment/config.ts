/** An environment's configuration: checked, complete, its defaults resolved; nothing downstream decides one again. */
import type { OwnerSettings, TenantSettings } from "./schema/environment";

/** Named after its stack. */
export type OwnerConfig = OwnerSettings & { readonly name: string };
/** A tenant: it uses the cluster of another environment. */
export type TenantEnvironmentConfig = TenantSettings & { readonly name: string };
/** A checked, complete configuration of either kind. */
export type EnvironmentConfig = OwnerConfig | TenantEnvironmentConfig;

/** Whether an environment has a cluster of its own. */
export function isOwner(config: EnvironmentConfig): config is OwnerConfig {
  return config.cluster.kind === "own";
}

export type { AccessConfig } from "./schema/access";
export type { AppsConfig } from "./schema/environment";
export type { ClusterConfig, EdgeConfig, StorageConfig, TenantConfig } from "./schema/cluster";
export type { LogsConfig } from "./schema/logs";
export type { NetworkConfig, RangeName } from "./schema/network";
export type { PortsConfig } from "./schema/ports";
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
export type { Size } from "./schema/primitives";
export type { SoftwareConfig } from "./schema/software";
