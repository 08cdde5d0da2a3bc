/**
 * The Pulumi program: one environment at the root of its stack. The official CLI runs it through `index.ts`; the built-in
 * tooling calls it inline. Both give the same resources.
 */
import * as pulumi from "@pulumi/pulumi";
import { environments as OUR_ENVIRONMENTS } from "../catalog";
import { withOwnerInput } from "../environment/define";
import type { EnvironmentInput, OwnerInput } from "../environment/input";
import { configOf, type EnvironmentPair } from "../environment/stack-file";
import { lab, type LabOptions } from "../lab";
import { stackRegistrations } from "./guard";
import type { StackOutputs } from "./outputs";
import { skipPromiseTraces } from "./promise-traces";
import { registerLab } from "./register-lab";
import { asRunError } from "./run-error";
import { defaultProviders, withSettings } from "./settings";

skipPromiseTraces();

/** Options of `program`. */
export interface ProgramOptions extends LabOptions {
  /** The environment of the current stack, written in TypeScript. @default `labstead:environment` of the stack file */
  readonly environment?: EnvironmentInput;
  /** Of a tenant: its owner, written in TypeScript. @default the owner's stack file, if it exists */
  readonly owner?: OwnerInput;
  /** Folder of the stack files. @default the project's folder */
  readonly directory?: string;
  /** Whether the state of a stack can be read; used in previews of tenants only. @default queries the pulumi executable */
  readonly hasState?: (stack: string) => Promise<boolean>;
}

/**
 * Registers the environment of the current stack.
 * @throws RunError for what the user can fix, before anything of the lab is registered; the engine shows its message only
 * @example
 * import { program } from "labstead";
 *
 * export = () => program();
 */
export async function program(options: ProgramOptions = {}): Promise<StackOutputs> {
  try {
    const planned = withSettings(() => lab(currentEnvironment(options), options), defaultProviders());
    return await registerLab(planned, { ...options, resources: stackRegistrations() });
  } catch (error) {
    throw asRunError(error);
  }
}

/** The current stack's environment is read from Pulumi's configuration, an owner's from its stack file. */
function currentEnvironment(options: ProgramOptions): EnvironmentPair {
  const { environment, owner, directory = process.cwd(), environments = OUR_ENVIRONMENTS } = options;
  const stack = pulumi.getStack();
  const written = environment ?? new pulumi.Config("labstead").getObject("environment");
  const config = configOf(stack, environments.parse(stack, written));
  return owner === undefined
    ? environments.withOwner(config, directory)
    : withOwnerInput(environments.parse, config, owner);
}
