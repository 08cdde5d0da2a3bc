/** Type tokens of the package `labstead`. */
export const CLUSTER_READY = "labstead:index:ClusterReady";
export const TENANT_PROTECTION = "labstead:index:TenantProtection";
export const ROLLOUT = "labstead:index:Rollout";
export const SERVER_READY = "labstead:index:ServerReady";
