/** What an environment is: its description, its plan as pure data, and the findings about it. */
export type {
  EnvironmentConfig,
  ExistingClusterConfig,
  OwnerConfig,
  TenantEnvironmentConfig,
} from "../environment/config";
export { isOnExistingCluster, isOwner, isTenant } from "../environment/config";
export { environments } from "../catalog";
export {
  defineEnvironment,
  defineOnExistingCluster,
  defineTenant,
  environmentOf,
} from "../environment/define";
export type { EnvironmentInput, ExistingInput, OwnerInput, TenantInput } from "../environment/input";
export {
  errorsOf,
  findingText,
  FindingsError,
  type Finding,
  type FindingId,
  type Severity,
} from "../environment/findings";
export { Environments, type Planned } from "../environment/environments";
export type { EnvironmentPlan, ServerPlan, VolumePlan } from "../environment/plan/types";
export { stackFile, type EnvironmentPair } from "../environment/stack-file";
export { Catalog } from "../environment/parts/catalog";
export type {
  Claims,
  DeviceClaim,
  HostClaim,
  NamespaceClaim,
  PolicyClaim,
  PortClaim,
  SecretClaim,
  StorageClassClaim,
} from "../environment/parts/claims";
export { effectsOf, type Effect, type Effects } from "../environment/parts/effects";
export { ingressFlow, outwardFlow, podFlow, type Endpoint, type Flow } from "../environment/parts/flows";
export {
  claimedImages,
  type ClaimedImage,
  type Lifecycle,
  type PinnedImage,
} from "../environment/parts/images";
export { application, component } from "../environment/parts/part";
