/** What an environment is: its description, its plan as pure data, and the findings about it. */
export type { EnvironmentConfig, OwnerConfig, TenantEnvironmentConfig } from "../environment/config";
export { isOwner } from "../environment/config";
export { defineEnvironment, defineTenant, environmentOf } from "../environment/define";
export type { EnvironmentInput, OwnerInput, TenantInput } from "../environment/input";
export {
  errorsOf,
  findingText,
  FindingsError,
  type Finding,
  type FindingId,
  type Severity,
} from "../environment/findings";
export { planEnvironment } from "../environment/plan/plan";
export type { EnvironmentPlan, ServerPlan, VolumePlan } from "../environment/plan/types";
export { readEnvironment, stackFile, type EnvironmentPair } from "../environment/stack-file";
