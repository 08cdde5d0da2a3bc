/** `labstead preview|up|destroy|recover`: the official CLI on a real cloud, after the checks that it cannot make itself. */
import { environments } from "../catalog";
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { isOwner } from "../environment/config";
import { stackFile } from "../environment/stack-file";
import { lab } from "../lab";
import { RealLook } from "../openstack-api/resources/look";
import { pulumiExecutable } from "./executable";
import { UserError } from "./failure";
import { protectionText } from "./protection";
import { recover } from "./recover";
import { decisions, type DecisionOptions } from "./recover/decisions";
import { interruption, type Commands } from "./recover/interrupted";
import { Pulumi, withoutMetadataService } from "./recover/pulumi";
import type { Finder } from "./recover/sought";
import type { StackState } from "./recover/state";
import { misplaced, projectIn } from "./state/place";
import { knownBackend, troubleText } from "./state/trouble";
import { liveTenants, missingOwner, type StackSummary } from "./stacks";
import { withoutCluster } from "./without-cluster";

export type Verb = "preview" | "up" | "destroy";

export interface VerbOptions {
  /** With destroy: what is protected too. */
  readonly withData?: true;
  /** With destroy: the cluster is gone for good; what stood in it is forgotten. */
  readonly withoutCluster?: true;
}

export interface RecoverOptions extends DecisionOptions {
  /** Goes on with `up`. */
  readonly up?: true;
}

export async function runEngine(
  verb: Verb,
  stack: string,
  rest: readonly string[],
  options: VerbOptions = {},
): Promise<void> {
  const executable = pulumiExecutable();
  const environment = environments.read(stackFile(process.cwd(), stack));
  lab(environment);
  const { config } = environment;
  const pulumi = pulumiOf(executable, stack);
  const state = await uninterrupted(verb, pulumi);
  const stacks = listStacks(executable);
  if (verb === "up" && !isOwner(config))
    refuse(missingOwner(stack, config.cluster.owner, stacks, (owner) => `labstead up ${owner}`));
  if (verb === "destroy" && isOwner(config))
    refuse(liveTenants(config, stacks, (tenant) => `labstead destroy ${tenant}`));
  if (verb === "destroy" && !options.withData && state !== undefined)
    refuse(protectionText(stack, state, `labstead destroy ${stack} --with-data`));
  if (verb === "destroy" && options.withoutCluster && state !== undefined)
    await pulumi.import(withoutCluster(state));
  if (verb === "destroy" && options.withData) await pulumi.unprotect();
  process.exitCode = await run(executable, [verb, "--stack", stack, ...rest]);
  if (process.exitCode === 0) return;
  if (options.withData)
    console.error(`the protection of ${stack} was taken off; labstead up ${stack} puts it back`);
  if (verb !== "preview") console.error(`if an earlier run was killed: ${commandsFor(stack).recover}`);
  if (verb === "destroy" && !options.withoutCluster)
    console.error(
      `if the cluster does not answer and never will: labstead destroy ${stack} --without-cluster, which forgets what stood in it`,
    );
}

/** Puts a stack in order whose run was killed. */
export async function runRecover(stack: string, options: RecoverOptions): Promise<void> {
  const executable = pulumiExecutable();
  await recover({
    pulumi: pulumiOf(executable, stack),
    finder: cloudFinder(),
    decisions: decisions(options),
    backups: join(process.cwd(), ".labstead", "state-backup"),
    commands: commandsFor(stack),
    say: (line) => console.log(line),
  });
  if (options.up) await runEngine("up", stack, []);
  else console.log(`${stack}: in order; go on with: ${commandsFor(stack).up}`);
}

/** Looks where the program's own provider would make things: OS_CLOUD, or the OS_ variables. Logs in only if need be. */
function cloudFinder(): Finder {
  let look: RealLook | undefined;
  return {
    find: async (type, criteria) => {
      try {
        look ??= new RealLook();
        return await look.find(type, criteria);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new UserError(`cannot look into the cloud, the state was not changed: ${reason}`);
      }
    },
  };
}

/** @throws UserError where the engine would not use the state that the project chose */
export function pulumiOf(executable: string, stack: string): Pulumi {
  const directory = process.cwd();
  const project = projectIn(directory);
  refuse(misplaced(project, process.env));
  return new Pulumi({ executable, directory, environment: process.env }, stack, project.name);
}

function commandsFor(stack: string): Commands {
  return { up: `labstead up ${stack}`, recover: `labstead recover ${stack}` };
}

/** The state, if there is one. @throws UserError for a stack that was interrupted: it is put in order first */
async function uninterrupted(verb: Verb, pulumi: Pulumi): Promise<StackState | undefined> {
  const { reason, stopsPreviews, state } = await interruption(pulumi, commandsFor(pulumi.stack));
  if (verb === "preview" && !stopsPreviews && reason !== undefined) console.error(reason);
  else refuse(reason);
  return state;
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new UserError(reason);
}

function listStacks(executable: string): readonly StackSummary[] {
  const backend = knownBackend(process.cwd(), process.env);
  try {
    const text = execFileSync(executable, ["stack", "ls", "--json", "--non-interactive"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...withoutMetadataService(backend), ...process.env },
    });
    return JSON.parse(text) as readonly StackSummary[];
  } catch (error) {
    const trouble = troubleText(stderrOf(error), backend);
    if (trouble !== undefined) throw new UserError(trouble);
    throw new UserError(
      `pulumi cannot list the stacks: ${firstLine(error)}; run: pulumi login (docs/real-cloud.md), or: labstead doctor`,
    );
  }
}

function firstLine(error: unknown): string {
  return stderrOf(error).trim().split("\n")[0] ?? "";
}

function stderrOf(error: unknown): string {
  return typeof error === "object" && error !== null && "stderr" in error
    ? String(error.stderr)
    : String(error);
}

function run(executable: string, args: readonly string[]): Promise<number> {
  const child = spawn(executable, args, { stdio: "inherit" });
  // Ctrl-C reaches pulumi by the terminal; it ends in its own time, and we with it.
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
