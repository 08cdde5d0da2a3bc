/** `labstead rehearse`: stacks on the built-in cloud, by the real engine. What `make up` calls. */
import { join } from "node:path";
import { CommandError, type EngineEvent } from "@pulumi/pulumi/automation";
import { environments } from "../../catalog";
import { isOwner, isTenant } from "../../environment/config";
import { stackFile, type EnvironmentPair } from "../../environment/stack-file";
import { lab, type Lab } from "../../lab";
import { Engine, type Changes, type EngineOptions, type RunOptions } from "../../rehearsal/engine";
import { findResources } from "../../rehearsal/search";
import { DELETE_DATA } from "../../provider/labstead";
import { objectDeployment } from "../../stack/object-deployment";
import { program } from "../../stack/program";
import { install } from "../../tools/toolchain/executables";
import { pulumi } from "../../tools/toolchain/pulumi";
import { UserError } from "../shared/failure";
import { readFaults } from "./faults-file";
import { startCloud, type Cloud, type Faults } from "./cloud";
import { existingNetworks } from "./existing-networks";
import { writePlan } from "../plan/run";
import { changesText, previewText } from "./counts";
import { Steps } from "./preview";
import { watch } from "./progress";
import { handedOverText } from "../shared/handed-over";
import { protectionText } from "../shared/protection";
import { recover } from "../recover/recover";
import { decisions, type DecisionOptions } from "../recover/decisions";
import { interruption, type Commands } from "../shared/interruption";
import { Pulumi } from "../shared/pulumi";
import type { StackState } from "../shared/stack-state";
import { liveTenants, missingOwner, type StackSummary } from "../shared/stack-order";
import { summary } from "./summary";

export interface RehearsalOptions extends DecisionOptions {
  /** Recovers stacks whose engine was killed. */
  readonly recover?: true;
  /** With recover: brings them up afterwards. */
  readonly up?: true;
  readonly preview?: true;
  readonly refresh?: true;
  readonly destroy?: true;
  /** With destroy: protected volumes, addresses and authorities too. */
  readonly withData?: true;
  /** Folder of the stack files. @default the working directory */
  readonly directory?: string;
  /** Folder of cloud, state and engine. @default .labstead */
  readonly folder?: string;
  /** Milliseconds that the cloud takes for each operation on a resource. @default as fast as it can */
  readonly latency?: number;
  /** File of injected failures. @default none */
  readonly faults?: string;
}

type Verb = "up" | "preview" | "refresh" | "destroy";

interface Planned {
  readonly environment: EnvironmentPair;
  readonly planned: Lab;
}

interface Rehearsed extends Planned {
  readonly engine: Engine;
  readonly pulumi: Pulumi;
  /** Before the run; undefined if the stack is new. */
  readonly state: StackState | undefined;
}

/** Folders, and the objects that work on them. */
interface Place {
  readonly directory: string;
  readonly folder: string;
  readonly executable: string;
  readonly cloud: Cloud;
}

export async function runRehearsal(stacks: readonly string[], options: RehearsalOptions): Promise<void> {
  const directory = options.directory ?? process.cwd();
  const folder = options.folder ?? join(directory, ".labstead");
  const labs = stacks.map((stack) => planStack(directory, stack));
  const executable = await install(pulumi(), { log: console.log });
  const abort = interruptible();
  const cloud = await startCloud(
    {
      directory: cloudFolder(folder),
      existingNetworks: existingNetworks(labs.map(({ planned }) => planned.plan)),
      faults: faultsOf(options),
    },
    options.withData ? { [DELETE_DATA]: "true" } : {},
  );
  try {
    const place = { directory, folder, executable, cloud };
    const order = options.destroy ? labs.toReversed() : labs;
    if (options.destroy && !options.withData && labs.length > 1) await refuseProtectedAmong(order, place);
    for (const each of order) {
      if (abort.aborted) break;
      if (options.recover) await recoverStack(each, place, options);
      if (options.recover && !hasVerb(options)) continue;
      await rehearse(verbOf(options), await open(each, place, options), options, abort);
    }
  } finally {
    await cloud.stop();
  }
  if (abort.aborted)
    throw new UserError(
      "interrupted: what had begun was ended, nothing more was begun; run the same command again to go on",
    );
}

function faultsOf({ latency, faults }: RehearsalOptions): Faults {
  const read = faults === undefined ? {} : readFaults(faults);
  return latency === undefined ? read : { ...read, latencyMilliseconds: latency };
}

function cloudFolder(folder: string): string {
  return join(folder, "cloud");
}

/** Whether the run continues after a recovery, which itself changes only the state. */
function hasVerb({ up, preview, refresh, destroy }: RehearsalOptions): boolean {
  return [up, preview, refresh, destroy].some((verb) => verb === true);
}

function verbOf(options: RehearsalOptions): Verb {
  if (options.preview) return "preview";
  if (options.refresh) return "refresh";
  return options.destroy ? "destroy" : "up";
}

function planStack(directory: string, stack: string): Planned {
  const environment = environments.read(stackFile(directory, stack));
  return { environment, planned: lab(environment) };
}

/** One Ctrl-C finishes started operations; the terminal sends it to the engine too. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    console.log("\ninterrupted: ending what has begun (a second Ctrl-C ends at once)");
    controller.abort();
    process.once("SIGINT", () => process.exit(130));
  });
  return controller.signal;
}

/** @throws UserError for an interrupted stack: it must be recovered first */
async function open(planned: Planned, place: Place, { preview }: RehearsalOptions): Promise<Rehearsed> {
  const options = engineOptions(planned, place);
  const pulumi = new Pulumi(Engine.commandLine(options), options.source.stack);
  const { reason, stopsPreviews, state } = await interruption(pulumi, commandsFor(pulumi.stack));
  if (reason !== undefined && (!preview || stopsPreviews)) throw new UserError(reason);
  if (reason !== undefined) console.log(reason);
  return { ...planned, engine: await Engine.open(options), pulumi, state };
}

/** Of several stacks none is destroyed if one has protected resources. */
async function refuseProtectedAmong(labs: readonly Planned[], place: Place): Promise<void> {
  for (const each of labs) {
    const { pulumi, state } = await open(each, place, {});
    refuseProtected(pulumi.stack, state);
  }
}

function refuseProtected(stack: string, state: StackState | undefined): void {
  if (state === undefined) return;
  const held = protectionText(stack, state, `labstead rehearse ${stack} --destroy --with-data`);
  if (held !== undefined) throw new UserError(held);
}

/** The objects of an owner go with its cluster. */
function refuseHandedOver({ environment, planned, state }: Rehearsed): void {
  if (state === undefined || isOwner(environment.config)) return;
  const { name } = environment.config;
  const left = handedOverText(name, state, planned, { up: `labstead rehearse ${name}` });
  if (left !== undefined) throw new UserError(left);
}

function engineOptions({ environment }: Planned, place: Place): EngineOptions {
  const { directory, folder, executable, cloud } = place;
  const stack = environment.config.name;
  return {
    directory: join(folder, "engine"),
    pulumi: executable,
    source: { project: "labstead", stack, stackFile: stackFile(directory, stack) },
    program: () => program({ directory, hasState: () => Promise.resolve(true) }),
    debugProviders: cloud.debugProviders,
  };
}

function commandsFor(stack: string): Commands {
  const up = `labstead rehearse ${stack}`;
  return { up, recover: `${up} --recover` };
}

async function recoverStack(planned: Planned, place: Place, options: RehearsalOptions): Promise<void> {
  const stack = planned.environment.config.name;
  const look = cloudFolder(place.folder);
  await recover({
    pulumi: new Pulumi(Engine.commandLine(engineOptions(planned, place)), stack),
    finder: {
      find: async (type, criteria) => findResources(look, type, criteria)?.map((id) => ({ id })),
    },
    decisions: decisions(options),
    backups: join(place.folder, "state-backup"),
    commands: commandsFor(stack),
    print: (line) => console.log(line),
  });
  if (!hasVerb(options)) console.log(`${stack}: in order; go on with: ${commandsFor(stack).up}`);
}

async function rehearse(
  verb: Verb,
  rehearsed: Rehearsed,
  options: RehearsalOptions,
  signal: AbortSignal,
): Promise<void> {
  const { planned, engine, pulumi } = rehearsed;
  const name = planned.plan.environment;
  await refuse(verb, rehearsed);
  if (verb === "destroy" && !options.withData) refuseProtected(name, rehearsed.state);
  if (verb === "destroy") refuseHandedOver(rehearsed);
  if (verb === "destroy" && options.withData) await pulumi.unprotect();
  const deployment = objectDeployment(planned);
  const single = planned.deploy.objects.filter((each) => deployment(each) !== "applySet");
  const expected = planned.infra.length + single.length;
  // Before anything is started: the folder may contain something other than a plan.
  const planFile = verb === "up" ? writePlan(planned, "out") : "";
  const [progress, steps] = [watch(name, verb, expected), new Steps()];
  const onEvent = (event: EngineEvent): void => {
    progress(event);
    steps.onEvent(event);
  };
  const changes = await operate(engine, verb, { signal, onEvent }).finally(() => {
    if (verb === "preview") for (const line of steps.lines(name)) console.log(line);
  });
  if (changes === undefined) return;
  console.log(`${name}: ${verb === "preview" ? previewText(changes) : changesText(changes)}`);
  if (verb === "up") console.log(summary(planned.plan, await engine.outputs(), planFile));
}

/**
 * Undefined when the user interrupted it.
 * @throws UserError when it failed; the engine's messages were printed as they came
 */
async function operate(engine: Engine, verb: Verb, run: RunOptions): Promise<Changes | undefined> {
  try {
    return (await engine[verb](run)).changes;
  } catch (error) {
    if (run.signal?.aborted === true) return undefined;
    if (!(error instanceof CommandError)) throw error;
    if (verb === "preview") throw new UserError("preview failed; nothing was changed");
    throw new UserError(`${verb} failed; what was done stays, and the same command goes on from there`);
  }
}

/** An owner is created before its tenants and destroyed after them. */
async function refuse(verb: Verb, { environment: { config }, engine }: Rehearsed): Promise<void> {
  const stacks: readonly StackSummary[] = await engine.stacks();
  const reason =
    verb === "destroy" && isOwner(config)
      ? liveTenants(config, stacks, (tenant) => `labstead rehearse ${tenant} --destroy`)
      : isTenant(config) && verb !== "destroy"
        ? missingOwner(config.name, config.cluster.owner, stacks, (owner) => `labstead rehearse ${owner}`)
        : undefined;
  if (reason !== undefined) throw new UserError(reason);
}
