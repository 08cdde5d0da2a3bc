/** OpenStack resources as data, and their registration as Pulumi resources. */
export { describe, type DescribeOptions } from "../infra/describe";
export { type Override, type Overrides } from "../infra/override";
export { LabNetwork, type LabNetworkProps } from "../infra/standalone/network";
export {
  LabServer,
  type AllowedTraffic,
  type LabServerProps,
  type NetworkIds,
  type ServerVolumeProps,
} from "../infra/standalone/server";
export { LabVolume, type LabVolumeProps } from "../infra/standalone/volume";
export { quotaReport, type QuotaReport } from "../infra/quota";
export {
  register,
  type CloudChoice,
  type Infrastructure,
  type Registered,
  type RegisterOptions,
} from "../infra/register";
export type { InfraPlan } from "../environment/plan/infra-plan";
export type { CredentialOutputs, InfraOutputs, ServerOutputs } from "../infra/outputs";
export type {
  Component,
  InfraOptions,
  InfraResource,
  Inputs,
  ResourceArgs,
  ResourceInstance,
  ResourceType,
} from "../infra/types";
