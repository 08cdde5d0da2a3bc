/** Labstead: research data labs on OpenStack, as one typed Pulumi and CDK8s program. */
export { environments } from "../catalog";
export { defineEnvironment, defineOnExistingCluster, defineTenant } from "../environment/define";
export type { EnvironmentInput, ExistingInput, OwnerInput, TenantInput } from "../environment/input";
export { FindingsError } from "../environment/findings";
export { stackFile, type EnvironmentPair } from "../environment/stack-file";
export type { LabOverrides } from "../lab-overrides";
export { lab, type Lab as ComposedLab, type LabOptions } from "../lab";
export { Lab, type LabArgs } from "../stack/component";
export type { ServerOutput, StackOutputs } from "../stack/outputs";
export { program, type ProgramOptions } from "../stack/program";
