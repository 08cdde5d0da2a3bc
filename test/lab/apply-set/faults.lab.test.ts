/**
 * Runs of a set that are disturbed on a real API server: after the next `up` the cluster is exactly as declared, and what
 * belongs to others is as it was. LABSTEAD_SEED repeats the moments of the kills, LABSTEAD_KILLS sets their number.
 */
import { setTimeout as pause } from "node:timers/promises";

import { fieldOf, type JsonObject } from "../../../deploy/manifest";
import type { ApplySetManifest } from "../../../provider/sdk";
import { generator } from "../../cli/crash-moments";
import { startPlugin } from "../../../provider/main";
import type { Engine } from "../../../rehearsal/engine";
import { setUp, Undo } from "../host/undo";
import { said, type ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { kubeconfigText } from "../../../trust/kubeconfig";
import { CuttingProxy } from "./cutting-proxy";
import { afterKill, openStack } from "./engine-stack";
import { enginesIn, PluginProcess, UpProcess } from "./plugin-process";
import { NAMESPACE, namespaceOfUsers, userObjects, users, type User } from "./users";

const KILLS = Number(process.env["LABSTEAD_KILLS"] ?? 4);
const seed = Number(process.env["LABSTEAD_SEED"] ?? Date.now() % 1_000_000);
/** So many that a kill has something to interrupt. */
const USERS = 60;

/** Milliseconds that an undisturbed run takes from the engine's first event on. */
const MOMENTS = 1_500;

/** Half of what the changed Deployments of all users need, and more than the handshakes of all connections. */
const CUTS = { every: 40_000, times: 3 };
/** Enough for the engine to start on a busy machine, and less than a run waits for an object that is being deleted. */
const CERTIFICATE_SECONDS = 30;

const ADMIN = { user: "admin", group: "system:masters" };

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
let debugProviders: string;

setUp(async (undo) => {
  folder = undo.folder("faults");
  cluster = undo.use(await ControlPlane.start());
  admin = await cluster.client();
  kubeconfig = await cluster.kubeconfig();
  const plugin = await startPlugin();
  undo.later(() => plugin.stop());
  debugProviders = providersAt(plugin.port);
  engine = await engineAs(kubeconfig);
  await admin.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  for (const theirs of THEIRS) expect(said(await admin.apply(theirs))).toBe("201");
});

/** The same stack, with another way to the cluster. */
function engineAs(access: string): Promise<Engine> {
  return openStack({ directory: folder, kubeconfig: access, debugProviders, objects });
}

function providersAt(port: number): string {
  return `labstead:${String(port)}`;
}

function objects(): readonly ApplySetManifest[] {
  return [namespaceOfUsers(), ...declared.flatMap(userObjects), ...extra];
}

/** An `up` that can be killed. @param providers that it uses */
function upApart(providers: string): Promise<UpProcess> {
  return UpProcess.start({
    directory: folder,
    kubeconfig,
    debugProviders: providers,
    objects: objects(),
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

async function finalizers(path: string, list: readonly string[]): Promise<void> {
  await admin.ask("PATCH", path, { metadata: { finalizers: list } }, "application/merge-patch+json");
}

/** Full listings: nothing is missing, nothing of a removed user but its home is left. */
async function expectDeclared(): Promise<void> {
  expect(await versions()).toEqual(declared.map(({ name, version = 1 }) => `${name} ${version}`).sort());
  const services = [...declared.map(({ name }) => name), ...THEIRS.map(({ metadata }) => metadata.name)];
  expect(await names(SERVICES)).toEqual(services.sort());
  expect(await names(CLAIMS)).toEqual(expect.arrayContaining(declared.map(({ name }) => name)));
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
    const run = await upApart(providersAt(plugin.port));
    await pause(random() * MOMENTS);
    await plugin.kill();
    if ((await run.ended) === "interrupted") interrupted++;
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
    const run = await upApart(debugProviders);
    await pause(random() * MOMENTS);
    await killEngine();
    if ((await run.ended) === "interrupted") {
      interrupted++;
      await afterKill(engine, folder);
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

test("connections that are reset again and again are opened again", async () => {
  await Undo.within(async (undo) => {
    const proxy = undo.use(await CuttingProxy.start(Number(new URL(cluster.server).port), CUTS));
    const access = { ...(await cluster.access(ADMIN)), server: proxy.url };
    const through = await engineAs(kubeconfigText({ cluster: "lab", user: ADMIN.user, ...access }));
    declared = users(USERS).map((user) => ({ ...user, version: 102 }));
    await through.up();
    expect(proxy.cutCount).toBe(CUTS.times);
  });
  await expectDeclared();
});

test("a certificate that ends in mid-run stops it with what to check, and the next run goes on", async () => {
  const [user] = declared;
  const path = `${SERVICES}/${user?.name ?? ""}`;
  // An object that somebody else deletes slowly keeps the run waiting until the certificate has ended.
  await finalizers(path, ["example.org/slow"]);
  await admin.delete(path);
  declared = declared.map((each, index) => ({
    ...each,
    version: 103,
    ...(index === 0 ? { port: 9998 } : {}),
  }));
  const short = await engineAs(await cluster.kubeconfig({ ...ADMIN, seconds: CERTIFICATE_SECONDS }));
  await expect(short.up()).rejects.toThrow(
    /stopped after [1-9]\d* of \d+ objects: the Kubernetes API at \S+ does not answer: HTTP 401: Unauthorized; check the kubeconfig's user: its certificate or token is not of this cluster, or has expired/,
  );
  await finalizers(path, []);
  await engine.up();
  await expectDeclared();
});

test("a second run at the same time is refused, and the first one is not disturbed", async () => {
  declared = declared.map((user) => ({ ...user, version: 104 }));
  const first = await upApart(debugProviders);
  await expect(engine.up()).rejects.toThrow("the stack is currently locked");
  expect(await first.ended).toBe("done");
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
  await finalizers(path, ["example.org/slow"]);
  await admin.delete(path);
  declared = declared.map((each) => (each === user ? { ...each, port: 9999 } : each));
  const up = engine.up();
  up.catch(() => undefined);
  await pause(4_000);
  await finalizers(path, []);
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
