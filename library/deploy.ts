/** The bridge from any cdk8s app to Pulumi resources; it knows nothing of a lab. */
export type { ApplySetDeployment, SetDivision } from "../deploy/apply-sets";
export { UnboundValuesError, ValueBindings } from "../deploy/bindings";
export {
  kubernetesProvider,
  kubernetesProviderOptions,
  type KubernetesProviderSettings,
} from "../deploy/kubernetes-provider";
export { deployOptions, type ObjectOptions } from "../deploy/object-options";
export type { ObjectOverride, ObjectOverrides } from "../deploy/override";
export {
  planCharts,
  planReferences,
  type DeployPlan,
  type PlanOptions,
  type PlannedObject,
  type PlannedOptions,
} from "../deploy/plan";
export { DeployPlanError, type DeployProblem } from "../deploy/problems";
export { registerPlan, type DeployMode, type Registered, type RegisterSettings } from "../deploy/register";
export { ChartComponent, KubernetesObject } from "../deploy/registration";
