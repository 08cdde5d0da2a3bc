/** `labstead preview|up|destroy`: the official CLI on a real cloud, after the checks that it cannot make itself. */
import { spawn } from "node:child_process";
import { environments } from "../../catalog";
import { isOwner, isTenant } from "../../environment/config";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { DELETE_DATA } from "../../provider/labstead";
import { UserError } from "../shared/failure";
import { handedOverText } from "../shared/handed-over";
import { interruption } from "../shared/interruption";
import { commandsFor, pulumiOf } from "../shared/project-pulumi";
import { protectionText } from "../shared/protection";
import type { Pulumi } from "../shared/pulumi";
import { pulumiExecutable } from "../shared/pulumi-executable";
import { liveTenants, missingOwner } from "../shared/stack-order";
import type { StackState } from "../shared/stack-state";
import { listStacks } from "./list-stacks";
import { withoutCluster } from "./without-cluster";

export type Verb = "preview" | "up" | "destroy";

export interface VerbOptions {
  /** With destroy: protected resources too. */
  readonly withData?: true;
  /** With destroy: the cluster is lost; its objects are removed from the state only. */
  readonly withoutCluster?: true;
}

export async function runEngine(
  verb: Verb,
  stack: string,
  rest: readonly string[],
  options: VerbOptions = {},
): Promise<void> {
  const executable = pulumiExecutable();
  const environment = environments.read(stackFile(process.cwd(), stack));
  const planned = lab(environment);
  const { config } = environment;
  const pulumi = pulumiOf(executable, stack);
  const state = await uninterrupted(verb, pulumi);
  const stacks = listStacks(executable);
  if (verb === "up" && isTenant(config))
    refuse(missingOwner(stack, config.cluster.owner, stacks, (owner) => `labstead up ${owner}`));
  if (verb === "destroy" && isOwner(config))
    refuse(liveTenants(config, stacks, (tenant) => `labstead destroy ${tenant}`));
  if (verb === "destroy" && !options.withData && state !== undefined)
    refuse(protectionText(stack, state, `labstead destroy ${stack} --with-data`));
  // The objects of an owner go with its cluster.
  if (verb === "destroy" && !isOwner(config) && !options.withoutCluster && state !== undefined)
    refuse(
      handedOverText(stack, state, planned, {
        up: `labstead up ${stack}`,
        leave: `pulumi destroy --stack ${stack}`,
      }),
    );
  if (verb === "destroy" && options.withoutCluster && state !== undefined)
    await pulumi.import(withoutCluster(state));
  if (verb === "destroy" && options.withData) await pulumi.unprotect();
  const variables = options.withData ? { [DELETE_DATA]: "true" } : {};
  process.exitCode = await run(executable, [verb, "--stack", stack, ...rest], variables);
  if (process.exitCode === 0) return;
  if (options.withData)
    console.error(`the protection of ${stack} was taken off; labstead up ${stack} puts it back`);
  if (verb !== "preview") console.error(`if an earlier run was killed: ${commandsFor(stack).recover}`);
  if (verb === "destroy" && !options.withoutCluster)
    console.error(
      `if the cluster does not answer and never will: labstead destroy ${stack} --without-cluster, which removes its objects from the state only`,
    );
}

/** The state, if there is one. @throws UserError for an interrupted stack: it must be recovered first */
async function uninterrupted(verb: Verb, pulumi: Pulumi): Promise<StackState | undefined> {
  const { reason, stopsPreviews, state } = await interruption(pulumi, commandsFor(pulumi.stack));
  if (verb === "preview" && !stopsPreviews && reason !== undefined) console.error(reason);
  else refuse(reason);
  return state;
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new UserError(reason);
}

/** @param environment variables of the engine and its plugins, beside those of this process */
function run(
  executable: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(executable, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  // The terminal sends Ctrl-C to pulumi; it exits when it is done, and this process with it.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 1);
    });
  });
}
