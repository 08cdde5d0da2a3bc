/**
 * Runs of a set that are disturbed on a real API server: after the next `up` the cluster is exactly as declared, and what
 * belongs to others is as it was. LABSTEAD_SEED repeats the moments of the kills, LABSTEAD_KILLS sets their number.
 */
import { setTimeout as pause } from "node:timers/promises";

import { fieldOf, type JsonObject } from "../../../deploy/manifest";
import type { ApplySetManifest } from "../../../provider/sdk";
import { startPlugin } from "../../../provider/main";
import type { Engine } from "../../../rehearsal/engine";
import { setUp } from "../host/undo";
import { said, type ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { openStack } from "./engine-stack";
import { enginesIn, PluginProcess } from "./plugin-process";
import { NAMESPACE, namespaceOfUsers, userObjects, users, type User } from "./users";

const KILLS = Number(process.env["LABSTEAD_KILLS"] ?? 4);
const seed = Number(process.env["LABSTEAD_SEED"] ?? Date.now() % 1_000_000);
/** So many that a kill has something to interrupt. */
const USERS = 60;

const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
const SERVICES = `/api/v1/namespaces/${NAMESPACE}/services`;
const CLAIMS = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;

let cluster: ControlPlane;
let admin: ApiClient;
let folder: string;
let kubeconfig: string;
let declared: readonly User[] = users(USERS);
let extra: readonly ApplySetManifest[] = [];
let engine: Engine;

setUp(async (undo) => {
  folder = undo.folder("faults");
  cluster = undo.use(await ControlPlane.start());
  admin = await cluster.client();
  kubeconfig = await cluster.kubeconfig();
  const plugin = await startPlugin();
  undo.later(() => plugin.stop());
  engine = await opened(plugin.port);
  await admin.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  for (const theirs of THEIRS) expect(said(await admin.apply(theirs))).toBe("201");
});

function opened(port: number): Promise<Engine> {
  return openStack({
    directory: folder,
    kubeconfig,
    debugProviders: `labstead:${String(port)}`,
    objects: () => [namespaceOfUsers(), ...declared.flatMap(userObjects), ...extra],
  });
}

/** Objects of somebody else, beside those of the set. */
const THEIRS = ["theirs", "user-00003-theirs"].map((name) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: NAMESPACE, labels: { user: name } },
  spec: { selector: { user: name }, ports: [{ port: 80 }] },
}));

async function items(path: string): Promise<readonly JsonObject[]> {
  return (await admin.get(path)).body["items"] as readonly JsonObject[];
}

/** `ada 2` for each Deployment with the version of its image. */
async function versions(): Promise<readonly string[]> {
  const found = await items(DEPLOYMENTS);
  return found
    .map((each) => {
      const [container] = fieldOf(each, "spec", "template", "spec", "containers") as readonly JsonObject[];
      const image = String(fieldOf(container, "image"));
      return `${String(fieldOf(each, "metadata", "name"))} ${image.split(":").at(-1) ?? ""}`;
    })
    .sort();
}

async function names(path: string): Promise<readonly string[]> {
  return (await items(path)).map((each) => String(fieldOf(each, "metadata", "name"))).sort();
}

async function theirVersions(): Promise<readonly unknown[]> {
  const found = await items(SERVICES);
  const theirs = found.filter((each) => String(fieldOf(each, "metadata", "name")).endsWith("theirs"));
  return theirs.map((each) => fieldOf(each, "metadata", "resourceVersion"));
}

/** Full listings: nothing is missing, nothing of a removed user but its home is left. */
async function expectDeclared(): Promise<void> {
  expect(await versions()).toEqual(declared.map(({ name, version = 1 }) => `${name} ${version}`).sort());
  const services = [...declared.map(({ name }) => name), ...THEIRS.map(({ metadata }) => metadata.name)];
  expect(await names(SERVICES)).toEqual(services.sort());
  expect(await names(CLAIMS)).toEqual(expect.arrayContaining(declared.map(({ name }) => name)));
}

/** Numbers from 0 to 1, the same ones for a seed. Source: Mulberry32. */
function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`a plugin that is killed ${KILLS} times: the next up makes everything as declared`, async () => {
  process.stderr.write(`moments of the kills: LABSTEAD_SEED=${seed}\n`);
  const random = generator(seed);
  const theirs = await theirVersions();
  let interrupted = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const first = Math.floor(random() * 5);
    declared = users(USERS)
      .slice(first, USERS - 5 + Math.floor(random() * 5))
      .map((user) => ({ ...user, version: kill + 2 }));
    const plugin = await PluginProcess.start();
    const run = (await opened(plugin.port)).up().then(
      () => "done",
      () => "interrupted",
    );
    await pause(800 + random() * 1_500);
    await plugin.kill();
    if ((await run) === "interrupted") interrupted++;
    await engine.up();
    await expectDeclared();
  }
  expect(interrupted).toBeGreaterThan(0);
  expect(await theirVersions()).toEqual(theirs);
});

/** Ends the engine that runs in the work folder, and the lock that it leaves. */
async function killEngine(): Promise<void> {
  for (const pid of enginesIn(folder)) process.kill(pid, "SIGKILL");
  await pause(200);
}

test(`an engine that is killed ${KILLS} times: the next up makes everything as declared`, async () => {
  const random = generator(seed + 1);
  let interrupted = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    declared = users(USERS - kill).map((user) => ({ ...user, version: kill + 50 }));
    const run = engine.up().then(
      () => "done",
      () => "interrupted",
    );
    await pause(800 + random() * 1_500);
    await killEngine();
    if ((await run) === "interrupted") {
      interrupted++;
      await engine.cancel();
    }
    await engine.up();
    await expectDeclared();
  }
  expect(interrupted).toBeGreaterThan(0);
});

test("an API server that restarts in the middle is waited for", async () => {
  declared = users(USERS).map((user) => ({ ...user, version: 100 }));
  const up = engine.up();
  up.catch(() => undefined);
  await pause(1_200);
  await cluster.stopApi();
  await pause(2_000);
  await cluster.resumeApi();
  await up;
  await expectDeclared();
});

test("an object that the server refuses: the message names it and why, and the others of its set are applied", async () => {
  const metadata = { name: "wrong", namespace: NAMESPACE, labels: { user: "user-00007" } };
  extra = [{ apiVersion: "v1", kind: "ConfigMap", metadata, dada: { a: "1" } }];
  declared = declared.map((user) => ({ ...user, version: 101 }));
  await expect(engine.up()).rejects.toThrow(
    `${NAMESPACE}/wrong/ConfigMap: failed to create typed patch object (${NAMESPACE}/wrong; /v1, Kind=ConfigMap): .dada: field not declared in schema`,
  );
  expect(await versions()).toContain("user-00007 101");
  extra = [];
  await engine.up();
  await expectDeclared();
});

test("an object that somebody deletes at the same time is made again", async () => {
  const [user] = declared;
  const path = `${SERVICES}/${user?.name ?? ""}`;
  const finalizers = (list: readonly string[]) =>
    admin.ask("PATCH", path, { metadata: { finalizers: list } }, "application/merge-patch+json");
  await finalizers(["example.org/slow"]);
  await admin.delete(path);
  declared = declared.map((each) => (each === user ? { ...each, port: 9999 } : each));
  const up = engine.up();
  up.catch(() => undefined);
  await pause(4_000);
  await finalizers([]);
  await up;
  await expectDeclared();
});

test("a destroy leaves nothing but homes and what belongs to others", async () => {
  await engine.destroy();
  expect(await versions()).toEqual([]);
  expect(await names(SERVICES)).toEqual(THEIRS.map(({ metadata }) => metadata.name).sort());
  const records = await names("/api/v1/namespaces/default/configmaps");
  expect(records.filter((name) => name.startsWith("users-"))).toEqual([]);
});
