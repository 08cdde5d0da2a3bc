/** The provider and its resources, for programs. */
export {
  ApplySet,
  ShardedApplySet,
  type ApplySetArgs,
  type ApplySetManifest,
  type ApplySetSettings,
  type ShardedApplySetArgs,
  type ShardedOptions,
} from "./apply-set/resource";
export type { ConflictPolicy } from "./apply-set/apply-object";
export type { Readiness } from "./apply-set/readiness";
export {
  ChangeGuard,
  changesJudged,
  type ChangeGuardArgs,
  type ChangesJudged,
} from "./change-guard/resource";
export type {
  Allowance,
  GuardedFact,
  GuardedHolder,
  GuardedQuorum,
  GuardedResource,
} from "./change-guard/inputs";
export { ClusterInit, type ClusterInitArgs } from "./cluster-init/resource";
export { ClusterMade, type ClusterMadeArgs } from "./cluster-made/resource";
export { ClusterReady, type ClusterReadyArgs } from "./cluster-ready/resource";
export { EtcdMembers, type EtcdMemberArgs, type EtcdMembersArgs } from "./etcd/resource";
export type { ApiRoute } from "./kubernetes-api/api-route";
export { LabsteadProvider } from "./labstead-provider";
export type { ConnectionArgs, SshEndpointArgs, ViaArgs } from "./machine-files/connection-args";
export { MachineFiles, type MachineFileArgs, type MachineFilesArgs } from "./machine-files/resource";
export { Rollout, type RolloutArgs } from "./rollout/resource";
export { ServerReady, type ServerReadyArgs } from "./server-ready/resource";
export { TenantProtection, type TenantProtectionArgs } from "./tenant-protection/resource";
