/** Type tokens of the package `labstead`. */
export const CLUSTER_READY = "labstead:index:ClusterReady";
export const TENANT_PROTECTION = "labstead:index:TenantProtection";
