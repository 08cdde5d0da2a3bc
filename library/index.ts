/** Labstead: research data labs on OpenStack, as one typed Pulumi and CDK8s program. */
export { lab } from "../lab";
export { program, type ProgramOptions } from "../stack/program";
export type { StackOutputs } from "../stack/outputs";
