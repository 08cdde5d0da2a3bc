/** The outputs of a stack that is up, secrets too: never to be logged. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Engine } from "../../rehearsal/engine";
import { stackFile } from "../../environment/stack-file";
import { pulumiOf } from "./project-pulumi";
import { pulumiExecutable } from "./pulumi-executable";
import { UserError } from "./failure";
import { Pulumi, PulumiFailure } from "./pulumi";

export interface OutputsOptions {
  /** Of the built-in cloud. */
  readonly rehearsed?: true;
  /** Folder of the stack files. @default the working directory */
  readonly directory?: string;
}

export interface Outputs {
  readonly values: Readonly<Record<string, unknown>>;
  /** The command that brings the stack up. */
  readonly up: string;
}

/** @throws UserError for a stack that was never brought up */
export async function stackOutputs(stack: string, options: OutputsOptions): Promise<Outputs> {
  const up = options.rehearsed ? `labstead rehearse ${stack}` : `labstead up ${stack}`;
  const pulumi = pulumiFor(stack, options);
  const values = pulumi === undefined ? undefined : await outputsOf(pulumi);
  if (values === undefined || Object.keys(values).length === 0)
    throw new UserError(`${stack} was never brought up here, so nobody can connect; first run: ${up}`);
  return { values, up };
}

/** The command on the stack; undefined if the built-in cloud never ran. */
export function pulumiFor(stack: string, options: OutputsOptions): Pulumi | undefined {
  return options.rehearsed
    ? rehearsed(stack, options.directory ?? process.cwd())
    : pulumiOf(pulumiExecutable(), stack);
}

/** Undefined if the built-in cloud never ran: a query would create its folders. */
function rehearsed(stack: string, directory: string): Pulumi | undefined {
  const folder = join(directory, ".labstead", "engine");
  if (!existsSync(folder)) return undefined;
  const line = Engine.commandLine({
    directory: folder,
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile: stackFile(directory, stack) },
    program: () => Promise.resolve({}),
    debugProviders: "",
  });
  return new Pulumi(line, stack);
}

async function outputsOf(pulumi: Pulumi): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return await pulumi.outputs();
  } catch (error) {
    if (error instanceof PulumiFailure && error.isUnknownStack) return undefined;
    throw error;
  }
}
