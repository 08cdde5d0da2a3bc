/**
 * Runs on a real OpenStack whose engine is killed with SIGKILL, five in `up` and two in destroy: `recover` looks into the
 * cloud, the next run completes it, and everything is there once. LABSTEAD_SEED repeats the moments.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { recover } from "../../../cli/recover/recover";
import { decisions } from "../../../cli/recover/decisions";
import { interruption } from "../../../cli/shared/interruption";
import { Pulumi } from "../../../cli/shared/pulumi";
import { CloudSearch } from "../../../openstack-api/resources/search";
import { generator } from "../../cli/crash-moments";
import { smallPlan } from "../../infra/plans";
import { setUp } from "../host/undo";
import { checkInventory, LabEnvironment, OpenStackLab, type Inventory } from "./harness";

const NAME = "crash";
const UP_KILLS = 5;
const DESTROY_KILLS = 2;
/** Longest time that a kill comes after the step that it waits for, in milliseconds: about a server's making. */
const LATER = 3_000;
const COMMANDS = { up: "labstead up crash", recover: "labstead recover crash" };

const plan = smallPlan();
const seed = Number(process.env["LABSTEAD_SEED"] ?? Date.now() % 1_000_000);
const random = generator(seed);

let lab: OpenStackLab;
let backups: string;
let before: Inventory;
let environment: LabEnvironment;

setUp(async (undo) => {
  process.stderr.write(`  moments of the kills: LABSTEAD_SEED=${String(seed)}\n`);
  backups = undo.folder("crash-state");
  lab = OpenStackLab.running();
  await lab.tenancies({ name: NAME });
  before = await lab.inventory(NAME);
  environment = undo.use(await LabEnvironment.open(lab, NAME, plan));
});

/** The process that the stack's lock names; undefined as long as there is none. */
function enginePid(): number | undefined {
  const { directory } = environment.engineOptions;
  const locks = join(directory, "state/.pulumi/locks/organization/labstead", NAME);
  const [file] = existsSync(locks) ? readdirSync(locks).filter((name) => name.endsWith(".json")) : [];
  if (file === undefined) return undefined;
  return (JSON.parse(readFileSync(join(locks, file), "utf8")) as { readonly pid: number }).pid;
}

/** Kills the engine some time after it has begun so many steps. True if it was alive then. */
async function killed(verb: "up" | "destroy", steps: number, milliseconds: number): Promise<boolean> {
  const progress = { begun: 0, over: false };
  const running = environment
    .apart(verb, () => (progress.begun += 1))
    .finally(() => {
      progress.over = true;
    });
  while (progress.begun < steps && !progress.over) await sleep(10);
  await Promise.race([sleep(milliseconds), running]);
  const pid = progress.over ? undefined : enginePid();
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  await running;
  return pid !== undefined;
}

function pulumi(): Pulumi {
  return new Pulumi(environment.commandLine(), NAME);
}

async function recovered(): Promise<void> {
  const look = new CloudSearch({ cloud: NAME, cloudsFile: lab.cloudsFile });
  await recover({
    pulumi: pulumi(),
    finder: { find: (type, criteria) => look.find(type, criteria) },
    decisions: decisions({}),
    backups,
    commands: COMMANDS,
    print: (line) => process.stderr.write(`  ${line}\n`),
  });
  expect((await interruption(pulumi(), COMMANDS)).reason).toBeUndefined();
  expect((await lab.inventory(NAME)).doubled).toEqual([]);
}

/** Resources of the cloud in the state. */
async function standing(): Promise<number> {
  const state = await pulumi().export();
  const resources = state?.deployment.resources ?? [];
  return resources.filter(({ type }) => type.startsWith("openstack:")).length;
}

/**
 * Kills a run, recovers, and goes on with the same run, until it was killed so often. The end of a run may come before a
 * later kill: what was made or deleted is judged all the same.
 */
async function killedOften(verb: "up" | "destroy", way: number, times: number): Promise<void> {
  for (let kills = 0, left = way; kills < times; left = await ahead(verb, way)) {
    // A part of what lies ahead, so that something is left for the kills to come.
    const steps = 1 + Math.floor((random() * left) / (times - kills + 1));
    const milliseconds = Math.floor(random() * LATER);
    const alive = await killed(verb, steps, milliseconds);
    process.stderr.write(
      `  ${verb}: ${alive ? "killed" : "over"} ${String(milliseconds)} ms after ${String(steps)} steps\n`,
    );
    if (!alive && kills > 0) return;
    if (!alive) throw new Error("the run was over before the first kill: nothing was disturbed");
    kills += 1;
    await recovered();
  }
}

async function ahead(verb: "up" | "destroy", way: number): Promise<number> {
  const now = await standing();
  return verb === "up" ? way - now : now;
}

/** How many resources of the cloud the plan has. */
let all = 0;

test("a run that nobody disturbs", async () => {
  await environment.up();
  checkInventory(await lab.inventory(NAME), plan);
  all = await standing();
  await environment.destroy({ withData: true });
  expect(await lab.inventory(NAME)).toEqual(before);
});

test(`killed up to ${String(UP_KILLS)} times in up: everything is there once, and nothing is left to do`, async () => {
  await killedOften("up", all, UP_KILLS);
  await environment.up();
  checkInventory(await lab.inventory(NAME), plan);
  expect(await standing()).toBe(all);
  expect((await environment.preview()).steps).toEqual([]);
});

test(`killed up to ${String(DESTROY_KILLS)} times in destroy: nothing is left`, async () => {
  await killedOften("destroy", all, DESTROY_KILLS);
  await environment.destroy({ withData: true });
  expect(await lab.inventory(NAME)).toEqual(before);
});
