/** `labstead rehearse`: stacks on the built-in cloud, by the real engine. What `make up` calls. */
import { join } from "node:path";
import { CommandError } from "@pulumi/pulumi/automation";
import { isOwner } from "../environment/config";
import { readEnvironment, stackFile, type EnvironmentPair } from "../environment/stack-file";
import { lab, type Lab } from "../lab";
import { startCloud, type Cloud } from "../rehearsal/cloud";
import { Engine, type Changes, type RunOptions } from "../rehearsal/engine";
import { program } from "../stack/program";
import { install } from "../tools/toolchain/executables";
import { pulumi } from "../tools/toolchain/pulumi";
import { UserError } from "./failure";
import { existingNetworks } from "./existing-networks";
import { writePlan } from "./plan";
import { watch } from "./progress";
import { liveTenants, missingOwner, type StackSummary } from "./stacks";
import { summary } from "./summary";

export interface RehearsalOptions {
  readonly preview?: true;
  readonly refresh?: true;
  readonly destroy?: true;
  /** With destroy: protected volumes, addresses and authorities too. */
  readonly withData?: true;
  /** Folder of the stack files. @default the working directory */
  readonly directory?: string;
  /** Where cloud, state and engine are kept. @default .labstead */
  readonly folder?: string;
}

type Verb = "up" | "preview" | "refresh" | "destroy";

interface Rehearsed {
  readonly environment: EnvironmentPair;
  readonly planned: Lab;
  readonly engine: Engine;
}

export async function runRehearsal(stacks: readonly string[], options: RehearsalOptions): Promise<void> {
  const directory = options.directory ?? process.cwd();
  const folder = options.folder ?? join(directory, ".labstead");
  const labs = stacks.map((stack) => planStack(directory, stack));
  // The SDK takes a stack trace for every resource: mapping each to its source is a quarter of the program's time.
  process.setSourceMapsEnabled(false);
  const executable = await install(pulumi(), { log: console.log });
  const abort = interruptible();
  const cloud = await startCloud({
    directory: join(folder, "cloud"),
    existingNetworks: existingNetworks(labs.map(({ planned }) => planned.plan)),
  });
  try {
    const verb = verbOf(options);
    const order = verb === "destroy" ? labs.toReversed() : labs;
    for (const each of order) {
      if (abort.aborted) break;
      await rehearse(
        verb,
        { ...each, engine: await open(each, directory, folder, executable, cloud) },
        options,
        abort,
      );
    }
  } finally {
    await cloud.stop();
  }
  if (abort.aborted)
    throw new UserError(
      "interrupted: what had begun was ended, nothing more was begun; run the same command again to go on",
    );
}

function verbOf(options: RehearsalOptions): Verb {
  if (options.preview) return "preview";
  if (options.refresh) return "refresh";
  return options.destroy ? "destroy" : "up";
}

function planStack(directory: string, stack: string): Pick<Rehearsed, "environment" | "planned"> {
  const environment = readEnvironment(stackFile(directory, stack));
  return { environment, planned: lab(environment) };
}

/** One Ctrl-C ends what has begun; the terminal sends it to the engine too. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    console.log("\ninterrupted: ending what has begun (a second Ctrl-C ends at once)");
    controller.abort();
    process.once("SIGINT", () => process.exit(130));
  });
  return controller.signal;
}

function open(
  { environment }: Pick<Rehearsed, "environment">,
  directory: string,
  folder: string,
  executable: string,
  cloud: Cloud,
): Promise<Engine> {
  const stack = environment.config.name;
  return Engine.open({
    directory: join(folder, "engine"),
    pulumi: executable,
    source: { project: "labstead", stack, stackFile: stackFile(directory, stack) },
    program: () => program({ directory, hasState: () => Promise.resolve(true) }),
    debugProviders: cloud.debugProviders,
  });
}

async function rehearse(
  verb: Verb,
  rehearsed: Rehearsed,
  options: RehearsalOptions,
  signal: AbortSignal,
): Promise<void> {
  const { planned, engine } = rehearsed;
  const name = planned.plan.environment;
  await refuse(verb, rehearsed);
  if (verb === "destroy" && options.withData) await engine.unprotect();
  const expected = planned.infra.length + planned.deploy.objects.length;
  const changes = await operate(engine, verb, { signal, onEvent: watch(name, verb, expected) });
  if (changes === undefined) return;
  console.log(`${name}: ${changesText(changes)}`);
  if (verb === "up") console.log(summary(planned.plan, await engine.outputs(), writePlan(planned, "out")));
}

/**
 * Undefined when the user interrupted it.
 * @throws UserError when it failed; the engine's own words were printed as they came
 */
async function operate(engine: Engine, verb: Verb, run: RunOptions): Promise<Changes | undefined> {
  try {
    return (await engine[verb](run)).changes;
  } catch (error) {
    if (run.signal?.aborted === true) return undefined;
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(`${verb} failed; what was done stays, and the same command goes on from there`);
  }
}

/** An owner comes before its tenants and goes after them. */
async function refuse(verb: Verb, { environment: { config }, engine }: Rehearsed): Promise<void> {
  const stacks: readonly StackSummary[] = await engine.stacks();
  const reason =
    verb === "destroy" && isOwner(config)
      ? liveTenants(config, stacks, (tenant) => `labstead rehearse ${tenant} --destroy`)
      : !isOwner(config) && verb !== "destroy"
        ? missingOwner(config.name, config.cluster.owner, stacks, (owner) => `labstead rehearse ${owner}`)
        : undefined;
  if (reason !== undefined) throw new UserError(reason);
}

/** `made 120, changed 2, 254 as they were` */
export function changesText(changes: Changes): string {
  const words: Readonly<Record<string, string>> = {
    create: "made",
    update: "changed",
    replace: "replaced",
    delete: "removed",
    read: "read",
  };
  const done = Object.entries(changes).filter(([operation, count]) => operation !== "same" && count > 0);
  const same = `${String(changes["same"] ?? 0)} as they were`;
  if (done.length === 0) return `no changes, ${same}`;
  return [
    ...done.map(([operation, count]) => `${words[operation] ?? operation} ${String(count)}`),
    same,
  ].join(", ");
}
