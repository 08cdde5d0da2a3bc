/** What an environment is: its description, its plan as pure data, and the findings about it. */
export type { EnvironmentConfig, OwnerConfig, TenantEnvironmentConfig } from "../environment/config";
export { isOwner } from "../environment/config";
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
