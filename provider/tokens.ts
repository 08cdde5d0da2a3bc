/** Type tokens of the package `labstead`. */
export const CLUSTER_READY = "labstead:index:ClusterReady";
export const TENANT_PROTECTION = "labstead:index:TenantProtection";
export const CHANGE_GUARD = "labstead:index:ChangeGuard";
/** A function: whether this phase has asked the guard. */
export const CHANGES_JUDGED = "labstead:index:changesJudged";
export const ROLLOUT = "labstead:index:Rollout";
export const SERVER_READY = "labstead:index:ServerReady";
export const ETCD_MEMBERS = "labstead:index:EtcdMembers";
