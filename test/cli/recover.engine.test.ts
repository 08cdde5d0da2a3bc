/** What happens after a kill without `recover`, and what `recover` does then. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as openstack from "@pulumi/openstack";
import { recover } from "../../cli/recover/recover";
import { decisions, type DecisionOptions } from "../../cli/recover/decisions";
import { interruption } from "../../cli/shared/interruption";
import { Pulumi } from "../../cli/shared/pulumi";
import type { CloudResource } from "../../cli/recover/lookup";
import { Engine, type EngineOptions } from "../../rehearsal/engine";
import { readJournal } from "../../rehearsal/journal";
import { findResources } from "../../rehearsal/search";
import type { CloudRecord } from "../../rehearsal/openstack/local/record";
import { VOLUME } from "../../openstack-api/resources/tokens";
import { EngineLab, pulumiExecutable } from "../rehearsal/engine-lab";

let lab: EngineLab;
beforeEach(() => {
  lab = new EngineLab();
});
afterEach(() => lab.close());

/** So long that the test kills while the cloud has the volume and the engine does not know. */
const LATENCY = 3_000;
const COMMANDS = { up: "labstead up test", recover: "labstead recover test" };

async function program() {
  const provider = new openstack.Provider("cloud", {});
  new openstack.blockstorage.Volume("data", { size: 1, name: "data" }, { provider, protect: true });
}

function volumes(): readonly string[] {
  const records = readJournal<CloudRecord>(join(lab.directory, "cloud", "openstack.jsonl"));
  return [...records.values()].filter(({ type }) => type === VOLUME).map(({ id }) => id);
}

/** Kills the engine after the cloud has made the volume, and lets the cloud come to its end. */
async function killInTheMiddle(): Promise<void> {
  await lab.cloud({ latencyMilliseconds: LATENCY });
  const running = (await lab.engine(program)).up().catch((error: unknown) => error);
  while (volumes().length === 0) await sleep(20);
  process.kill(lockedBy(), "SIGKILL");
  expect(await running).toBeInstanceOf(Error);
  await lab.cloud();
}

/** The process that its lock names. */
function lockedBy(): number {
  const folder = join(lab.directory, "work/state/.pulumi/locks/organization/lab/test");
  const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return (JSON.parse(readFileSync(join(folder, file), "utf8")) as { pid: number }).pid;
}

async function stack(): Promise<{ engine: Engine; pulumi: Pulumi }> {
  const engine = await lab.engine(program);
  const options: EngineOptions = {
    directory: join(lab.directory, "work"),
    pulumi: pulumiExecutable(),
    source: { project: "lab", stack: "test" },
    program,
    debugProviders: lab.debugProviders,
  };
  return { engine, pulumi: new Pulumi(Engine.commandLine(options), "test", "lab") };
}

/** Its output, with an error's message. */
async function recovered(
  pulumi: Pulumi,
  given: DecisionOptions = {},
  seen?: readonly CloudResource[],
): Promise<string> {
  const lines: string[] = [];
  const finder = {
    find: async (type: string, criteria: object) =>
      seen ?? findResources(join(lab.directory, "cloud"), type, { ...criteria })?.map((id) => ({ id })),
  };
  const backups = join(lab.directory, "backups");
  const recovery = { pulumi, finder, decisions: decisions(given), backups, commands: COMMANDS };
  await recover({ ...recovery, print: (line) => lines.push(line) }).catch((error: unknown) => {
    lines.push(error instanceof Error ? error.message : String(error));
  });
  return lines.join("\n");
}

test("recover takes over what the killed run made; up then finds it as it is", async () => {
  await killInTheMiddle();
  const { engine, pulumi } = await stack();
  expect(await recovered(pulumi)).toMatch(/\n {2}data: was made, is in the state now \([0-9a-f-]{36}\)$/);
  expect((await engine.preview()).changes).toEqual({ same: 3 });
  expect(volumes()).toHaveLength(1);
  const state = await pulumi.export();
  const [data] = state?.deployment.resources.filter(({ type }) => type === VOLUME) ?? [];
  expect(data).toMatchObject({ id: volumes()[0], protect: true, outputs: { attachments: [], size: 1 } });
  expect(data?.initErrors ?? []).toEqual([]);
});

test("the state as it was lies beside, with what was open", async () => {
  await killInTheMiddle();
  const { pulumi } = await stack();
  const file = /the state as it was: (\S+)/.exec(await recovered(pulumi))?.[1] ?? "";
  const kept = JSON.parse(readFileSync(file, "utf8")) as { deployment: { pending_operations: unknown[] } };
  expect(kept.deployment.pending_operations).toHaveLength(1);
});

test("without recover the volume is made twice, as by the official plugin; the message says what to run", async () => {
  await killInTheMiddle();
  const { engine, pulumi } = await stack();
  await expect(engine.up()).rejects.toThrow(/the stack is currently locked/);
  expect((await interruption(pulumi, COMMANDS)).reason).toMatch(
    /^test is locked by .*, a run that was killed; run: labstead recover test$/,
  );
  await engine.cancel();
  expect((await interruption(pulumi, COMMANDS)).reason).toBe(
    [
      "test was interrupted: it is not known whether these were done, and an up could make them twice",
      "  creating data",
      "run: labstead recover test",
    ].join("\n"),
  );
  await engine.up();
  expect(volumes()).toHaveLength(2);

  const [first = "", second = ""] = volumes();
  expect(await recovered(pulumi)).toBe(
    [
      "test: what was being made needs your decision, the state was not changed",
      `  data: the state has ${second}, the cloud also has ${first}: a copy, or its replacement`,
      "look at them, then run: labstead recover test with, for each,",
      "  --take <name>=<id>   it is this one; another one in the state is then deleted by the next up",
      "  --drop <name>        it is none of them; delete by hand what is not needed",
    ].join("\n"),
  );
  expect(await recovered(pulumi, { drop: ["data"] })).toContain("\n  data: was not made");
  expect(await recovered(pulumi)).toBe("test: no operation is open");
  expect((await engine.preview()).changes).toEqual({ same: 3 });
});

test("what failed in the cloud is recreated, once, though it is protected", async () => {
  await killInTheMiddle();
  const { engine, pulumi } = await stack();
  const [failed = ""] = volumes();
  await recovered(pulumi, {}, [{ id: failed, broken: true }]);
  await engine.up();
  expect(volumes()).toHaveLength(1);
  expect(volumes()).not.toContain(failed);
  expect((await engine.preview()).changes).toEqual({ same: 3 });
  const state = await pulumi.export();
  expect(state?.deployment.resources.find(({ type }) => type === VOLUME)).toMatchObject({ protect: true });
});

test("a recovery that did not finish is reported by every verb, and finished by the next one", async () => {
  await killInTheMiddle();
  const { pulumi } = await stack();
  await lab.cloud({ faults: [{ type: VOLUME, operation: "read", message: "503 Service Unavailable" }] });
  const cut = await recovered((await stack()).pulumi);
  expect(cut).toContain(
    "\ntest: what was taken over cannot be read from the cloud yet; fix that, then run again: labstead recover test\n",
  );
  expect(cut).toContain("503 Service Unavailable");
  expect((await interruption(pulumi, COMMANDS)).reason).toBe(
    [
      "test was interrupted: it is not known whether these were done, and an up could make them twice",
      "  recovering data",
      "run: labstead recover test",
    ].join("\n"),
  );
  await lab.cloud();
  const { engine, pulumi: later } = await stack();
  expect(await recovered(later)).toMatch(/^test: the state as it was: \S+$/);
  expect(await recovered(later)).toBe("test: no operation is open");
  expect((await engine.preview()).changes).toEqual({ same: 3 });
  expect(volumes()).toHaveLength(1);
});

test("a run that is alive is left alone", async () => {
  await lab.cloud({ latencyMilliseconds: LATENCY });
  const running = (await lab.engine(program)).up();
  // Where this test fails, its clean-up ends the run, and that is no failure of the next test file.
  running.catch(() => undefined);
  while (volumes().length === 0) await sleep(20);
  // However slow this machine is, the run does not end before it was looked at.
  const pid = lockedBy();
  process.kill(pid, "SIGSTOP");
  try {
    const { pulumi } = await stack();
    expect(await recovered(pulumi)).toMatch(
      /^test is locked by .*, nothing was changed\nwait until that run has ended;/,
    );
  } finally {
    process.kill(pid, "SIGCONT");
  }
  expect((await running).changes).toEqual({ create: 3 });
});
