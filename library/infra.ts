/** OpenStack resources as data, and their registration as Pulumi resources. */
export { describe, type DescribeOptions } from "../infra/describe";
export { type Override, type Overrides } from "../infra/override";
export { quotaReport, type QuotaReport } from "../infra/quota";
export { register, type CloudChoice, type Infrastructure, type RegisterOptions } from "../infra/register";
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
