/**
 * Users by the thousand on a real API server without nodes: an apply set, by the real engine and the plugin as a process of
 * its own, beside a bare loop of parallel server-side applies and kubectl. Run on Debian with root:
 * `node --import tsx bench/apply-set.bench.ts [users …]` (1000 and 10000 without arguments). The last line is the ratio of
 * `up` to the best bare loop at the largest size; the exit code is 1 where that is above the limit. The best loop is
 * measured before and after the set, since other work of the machine changes in between.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";

import type { ApplySetManifest } from "../provider/sdk";
import { openStack, Watched } from "../test/lab/apply-set/engine-stack";
import { PluginProcess } from "../test/lab/apply-set/plugin-process";
import { namespaceOfUsers, NAMESPACE, userObjects, users, type User } from "../test/lab/apply-set/users";
import { Undo } from "../test/lab/host/undo";
import type { ApiAccess } from "../test/lab/kubernetes/api-client";
import { ControlPlane } from "../test/lab/kubernetes/control-plane";

const LIMIT = 1.3;
const SWEEP = (process.env["LABSTEAD_SWEEP"] ?? "4,8,16,32,64").split(",").map(Number);
/** kubectl is measured at this size alone. */
const KUBECTL_USERS = 1_000;

const PATHS: Readonly<Record<string, string>> = {
  Deployment: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
  PersistentVolumeClaim: `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`,
  Service: `/api/v1/namespaces/${NAMESPACE}/services`,
};

interface Place {
  readonly cluster: ControlPlane;
  readonly undo: Undo;
  readonly folder: string;
  /** The plugin's process, of a set. */
  readonly plugin?: PluginProcess;
}

/** On an API server of its own, so that nothing of one measurement is in the next. */
function onNewServer<Result>(work: (place: Place) => Promise<Result>): Promise<Result> {
  return Undo.within(async (undo) => {
    const cluster = undo.use(await ControlPlane.start());
    const admin = await cluster.client();
    await admin.apply(namespaceOfUsers());
    return work({ cluster, undo, folder: undo.folder("bench") });
  });
}

/** What a work takes, in seconds. */
interface Cost {
  readonly time: number;
  /**
   * Of all processors: of API server, etcd and plugin, of this process, which runs the program or the loop, and of programs
   * that it ran. Other work of the machine changes it less than the time.
   */
  readonly processor: number;
}

async function cost({ cluster, plugin }: Place, work: () => Promise<unknown>): Promise<Cost> {
  const others = [...cluster.pids, ...(plugin === undefined ? [] : [plugin.pid])];
  const processors = (): number =>
    processorTime(process.pid, 4) + others.reduce((sum, pid) => sum + processorTime(pid, 2), 0);
  const [before, start] = [processors(), process.hrtime.bigint()];
  await work();
  const time = Number(process.hrtime.bigint() - start) / 1e9;
  return { time, processor: processors() - before };
}

/** @param fields 2 for a process alone, 4 with its children that have ended. Source: proc(5), `utime` and those after it */
function processorTime(pid: number, fields: 2 | 4): number {
  const [, after = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const ticks = after.split(" ").slice(11, 11 + fields);
  return ticks.reduce((sum, each) => sum + Number(each), 0) / TICKS;
}

/** Ticks of a second, `getconf CLK_TCK`. */
const TICKS = 100;

/** Requests as fast as they go: nothing is compared, parsed or remembered. */
class BareLoop {
  private readonly agent: Agent;

  constructor(
    private readonly access: ApiAccess,
    private readonly parallel: number,
  ) {
    const { ca, certificate: cert, key, serverName: servername } = access;
    this.agent = new Agent({ ca, cert, key, servername, keepAlive: true, maxSockets: parallel });
  }

  async apply(objects: readonly ApplySetManifest[]): Promise<void> {
    await this.each(objects, (each) =>
      this.ask("PATCH", `${pathOf(each)}?fieldManager=bench&force=true`, JSON.stringify(each)),
    );
  }

  async delete(objects: readonly ApplySetManifest[]): Promise<void> {
    await this.each(objects, (each) => this.ask("DELETE", pathOf(each)));
  }

  close(): void {
    this.agent.destroy();
  }

  private async each(
    objects: readonly ApplySetManifest[],
    work: (object: ApplySetManifest) => Promise<void>,
  ): Promise<void> {
    const queue = objects.values();
    const worker = async (): Promise<void> => {
      for (const object of queue) await work(object);
    };
    await Promise.all(Array.from({ length: this.parallel }, worker));
  }

  private ask(method: string, path: string, body?: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/apply-patch+yaml" };
      const asked = request(
        new URL(this.access.server + path),
        { method, agent: this.agent, headers },
        (answer) => {
          answer.resume().once("end", () => {
            const { statusCode = 0 } = answer;
            if (statusCode < 300) resolve();
            else reject(new Error(`${method} ${path}: ${statusCode}`));
          });
        },
      );
      asked.once("error", reject);
      asked.end(body);
    });
  }
}

function pathOf({ kind, metadata }: ApplySetManifest): string {
  return `${PATHS[kind] ?? ""}/${metadata.name}`;
}

interface LoopFigures {
  readonly apply: Cost;
  readonly again: Cost;
  readonly remove: Cost;
}

/** Homes stay, as they do with a set. */
function loopFigures(count: number, parallel: number): Promise<LoopFigures> {
  return onNewServer(async (place) => {
    const loop = place.undo.use(new BareLoop(await place.cluster.access(), parallel));
    const objects = users(count).flatMap(userObjects);
    const apply = await cost(place, () => loop.apply(objects));
    const again = await cost(place, () => loop.apply(objects));
    const gone = objects.filter(({ kind }) => kind !== "PersistentVolumeClaim");
    return { apply, again, remove: await cost(place, () => loop.delete(gone)) };
  });
}

function kubectlCost(count: number): Promise<Cost> {
  return onNewServer(async (place) => {
    const { cluster, folder } = place;
    const [kubeconfig, file] = [join(folder, "kubeconfig"), join(folder, "objects.json")];
    writeFileSync(kubeconfig, await cluster.kubeconfig(), { mode: 0o600 });
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: "v1", kind: "List", items: users(count).flatMap(userObjects) }),
    );
    const args = ["--kubeconfig", kubeconfig, "apply", "--server-side", "-f", file];
    return cost(place, () => Promise.resolve(execFileSync(cluster.kubectl, args, { stdio: "ignore" })));
  });
}

interface SetFigures {
  readonly up: Cost;
  readonly unchanged: Cost;
  readonly changedPreview: Cost;
  readonly changedUp: Cost;
  readonly removedUp: Cost;
  readonly destroy: Cost;
  /** MiB: the largest resident sets of the program's and the plugin's process until the end of `up`, together. */
  readonly memory: number;
}

/** The largest resident set of a process, in MiB. Source: proc(5) */
function largestMemory(pid: number): number {
  const [, kibibytes = "0"] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) / 1024;
}

/** In a process of its own, whose memory is that of the program. */
function setFiguresApart(count: number): SetFigures {
  const args = ["--import", "tsx", __filename, APART, String(count)];
  const output = execFileSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as SetFigures;
}

/** The argument before the number of users with which this file measures a set alone. */
const APART = "set";

function setFigures(count: number): Promise<SetFigures> {
  return onNewServer(async ({ cluster, undo, folder }) => {
    const plugin = await PluginProcess.start();
    undo.later(() => plugin.kill());
    const place = { cluster, undo, folder, plugin };
    let declared: readonly User[] = users(count);
    const engine = await openStack({
      directory: folder,
      kubeconfig: await cluster.kubeconfig(),
      debugProviders: `labstead:${String(plugin.port)}`,
      settings: { readiness: "none" },
      objects: () => declared.flatMap(userObjects),
    });
    const up = await cost(place, () => engine.up());
    const memory = largestMemory(process.pid) + largestMemory(plugin.pid);
    const unchanged = await cost(place, () => engine.preview());
    declared = declared.map((user, index) => (index === 7 ? { ...user, version: 2 } : user));
    const watched = new Watched();
    const changedPreview = await cost(place, () => engine.preview({ onEvent: watched.onEvent }));
    if (watched.entries.length !== 1) throw new Error(`one change is named by ${String(watched.entries)}`);
    const changedUp = await cost(place, () => engine.up());
    declared = declared.slice(0, -1);
    const removedUp = await cost(place, () => engine.up());
    const destroy = await cost(place, () => engine.destroy());
    return { up, unchanged, changedPreview, changedUp, removedUp, destroy, memory };
  });
}

/** The bare loops of a sweep, the fastest one first. */
async function sweep(
  count: number,
  parallels: readonly number[],
): Promise<readonly (LoopFigures & { readonly parallel: number })[]> {
  const all = [];
  for (const parallel of parallels) {
    const figures = await loopFigures(count, parallel);
    all.push({ parallel, ...figures });
    const rate = Math.round((3 * count) / figures.apply.time);
    row(
      count,
      `bare loop, ${parallel} at a time`,
      [figures.apply, figures.again, figures.remove],
      `${rate} objects/s`,
    );
  }
  return all.sort((one, other) => one.apply.time - other.apply.time);
}

function row(count: number, what: string, costs: readonly Cost[], note = ""): void {
  const cells = costs.map(({ time, processor }) => `${time.toFixed(1)} s (${processor.toFixed(1)} s)`);
  console.log(`| ${count} | ${what} | ${cells.join(" | ")} | ${note} |`);
}

function mean(one: Cost, other: Cost = one): Cost {
  return { time: (one.time + other.time) / 2, processor: (one.processor + other.processor) / 2 };
}

function timesText(one: Cost, bare: Cost): string {
  return `beside the bare loop: ${timesOf(one, bare)}`;
}

function timesOf(one: Cost, other: Cost): string {
  const [time, processor] = [one.time / other.time, one.processor / other.processor];
  return `${time.toFixed(2)} times the time, ${processor.toFixed(2)} times that of all processors`;
}

async function measured(
  count: number,
  parallels: readonly number[],
): Promise<{ readonly ratio: number; readonly up: Cost; readonly best: readonly number[] }> {
  const loops = await sweep(count, parallels);
  const [fastest] = loops;
  if (fastest === undefined) throw new Error("no bare loop");
  if (count === KUBECTL_USERS) row(count, "kubectl apply --server-side", [await kubectlCost(count)]);
  const set = setFiguresApart(count);
  const [after] = await sweep(count, [fastest.parallel]);
  const bare = { apply: mean(fastest.apply, after?.apply), remove: mean(fastest.remove, after?.remove) };
  const ratio = set.up.time / bare.apply.time;
  row(count, "apply set: up", [set.up], timesText(set.up, bare.apply));
  row(count, "apply set: preview without a change", [set.unchanged]);
  row(count, "apply set: one changed user, preview and up", [set.changedPreview, set.changedUp]);
  row(count, "apply set: one removed user, up", [set.removedUp]);
  row(count, "apply set: destroy", [set.destroy], timesText(set.destroy, bare.remove));
  console.log(`memory of program and plugin: ${Math.round(set.memory)} MiB`);
  return { ratio, up: set.up, best: loops.map(({ parallel }) => parallel) };
}

async function main(): Promise<void> {
  const [first, second] = process.argv.slice(2);
  if (first === APART) {
    console.log(JSON.stringify(await setFigures(Number(second))));
    return;
  }
  const given = process.argv.slice(2).map(Number);
  const counts = given.length > 0 ? given : [1_000, 10_000];
  console.log("Times, and in brackets the time of all processors.");
  console.log("| users | what | first | again | delete | |\n|---:|---|---:|---:|---:|---|");
  let ratio = 0;
  let parallels: readonly number[] = SWEEP;
  const ups: Cost[] = [];
  for (const count of counts) {
    const result = await measured(count, parallels);
    // The whole sweep is done once, at the smallest size.
    parallels = result.best.slice(0, 1);
    ({ ratio } = result);
    ups.push(result.up);
  }
  const [smallest, largest] = [ups[0], ups.at(-1)];
  if (smallest !== undefined && largest !== undefined && ups.length > 1)
    console.log(`up of ${counts.join(" and ")} users: ${timesOf(largest, smallest)}`);
  console.log(`ratio ${ratio.toFixed(2)}`);
  if (ratio > LIMIT) process.exitCode = 1;
}

void main();
