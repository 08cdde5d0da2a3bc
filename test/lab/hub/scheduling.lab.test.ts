/** Everything that hubs can have, accepted by a real API server; and the real kube-scheduler with the rendered configuration. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fieldOf, isJsonObject, listAt, type JsonObject, type Manifest } from "../../../deploy/manifest";
import { lab } from "../../../lab";
import { configOf, type Json } from "../../environment/configs";
import { environmentWith, NATIVE, SIGN_INS, VARIANTS } from "../../apps/hub/hubs";
import { setUp, Undo } from "../host/undo";
import { kubernetesBinary } from "../kubernetes/binaries";
import { said, type ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { applyAll, boundValues } from "../kubernetes/environments";
import { freePorts, ServiceProcess } from "../kubernetes/service-process";

const BACKUPS: Json = {
  "apps.hub.backups": { endpoint: "https://objects.example.org", bucket: "hub-backups", homes: {} },
};
const EVERYTHING: Json = {
  ...BACKUPS,
  "apps.hub.metrics": { namespace: "monitoring" },
  "apps.hub.scheduling": {
    userScheduler: true,
    // A simulated node has 64 GiB.
    userPlaceholder: { replicas: 2, cpu: "1", memory: "40Gi" },
    continuousImagePuller: true,
  },
};
const HUBS: Json = {
  physics: { ...NATIVE, ...VARIANTS["profiles of groups"], activeServerLimit: 200 },
  biology: { ...SIGN_INS["oidc"] },
};
/** Whose files are copied; beside the others they would take the room that the scheduler is seen with. */
const COPIED: Json = {
  chemistry: { ...NATIVE, ...VARIANTS["drive with owners"] },
  statistics: { ...NATIVE, ...VARIANTS["shared"] },
};
const { manifests, plan } = boundValues(lab({ config: configOf("hubs", environmentWith(HUBS, EVERYTHING)) }));
const SCHEDULER = `${plan.environment}-user-scheduler`;
const ACCOUNT = "system:serviceaccount:hub-scheduling:user-scheduler";

let cluster: ControlPlane;
let admin: ApiClient;

setUp(async (undo) => {
  cluster = undo.use(await ControlPlane.start({ serviceCidr: plan.cluster.serviceCidr }));
  admin = await cluster.client();
  await cluster.startControllers();
  await cluster.startNodes(2);
  for (const name of ["simulated-0", "simulated-1"]) await giveDisk(name);
  await applyAll(admin, manifests);
});

test("every object stays as it is", async () => {
  const again = await applyAll(admin, manifests);
  expect((await applyAll(admin, manifests)).map(versionOf)).toEqual(again.map(versionOf));
});

test("every pod of hubs and scheduling is admitted", async () => {
  // The set's own pods use all that the quota has for placeholders.
  const pods = manifests.filter(({ kind }) => kind !== "StatefulSet").flatMap(podsOf);
  expect(pods.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining([
      ...["hub-backup", "hub-restore", "homes-export", "user-scheduler", "continuous-image-puller"],
    ]),
  );
  const answers = await Promise.all(
    pods.map(async (pod) => said(await admin.create(pod, { dryRun: "All" }))),
  );
  expect(answers).toEqual(pods.map(() => "201"));
});

test("the scheduler fills one node, and takes the place of a placeholder when nothing else is free", async () => {
  await Undo.within(async (undo) => {
    undo.later(await startScheduler(undo.folder("user-scheduler")));
    await nodesOf("hub-scheduling", 2, ({ metadata }) => isPlaceholder(metadata));
    for (const name of ["ada", "grace", "edith", "mary"]) await startServer(name, "512Mi");
    const small = await nodesOf("physics", 4, isServer);
    expect(new Set(small.map(({ node }) => node)).size).toBe(1);
    await startServer("large", "40Gi");
    const [large] = (await nodesOf("physics", 5, isServer)).filter(({ name }) => name === "large");
    const left = await nodesOf("hub-scheduling", 1, ({ metadata }) => isPlaceholder(metadata));
    expect(left.map(({ node }) => node)).not.toContain(large?.node);
  });
});

test("jobs that copy and restore files of a drive and of shared homes are admitted", async () => {
  const config = configOf("hubs", environmentWith(COPIED, BACKUPS));
  const copied = boundValues(lab({ config })).manifests;
  await applyAll(admin, copied);
  const pods = copied.flatMap(podsOf).filter(({ metadata }) => metadata.name.startsWith("homes-"));
  expect(pods.map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`).sort()).toEqual(
    ["chemistry-drive", "statistics"].flatMap((namespace) =>
      ["backup", "export", "restore"].map((task) => `${namespace}/homes-${task}`),
    ),
  );
  const answers = await Promise.all(
    pods.map(async (pod) => said(await admin.create(pod, { dryRun: "All" }))),
  );
  expect(answers).toEqual(pods.map(() => "201"));
});

/** Containers of the lab's namespaces request disk of their nodes, which simulated ones do not have. */
async function giveDisk(node: string): Promise<void> {
  const disk = { "ephemeral-storage": "500Gi" };
  const status = { allocatable: disk, capacity: disk };
  const path = `/api/v1/nodes/${node}/status`;
  expect((await admin.ask("PATCH", path, { status }, "application/merge-patch+json")).status).toBe(200);
}

/** As the pod's account, with the rights that the chart binds. */
async function startScheduler(folder: string): Promise<() => Promise<void>> {
  const [port = 0] = await freePorts(1);
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, await cluster.kubeconfig({ user: ACCOUNT }));
  const text = manifests.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "user-scheduler",
  );
  const config = JSON.parse(String(fieldOf(text, "data", "config.yaml"))) as JsonObject;
  const file = join(folder, "config.yaml");
  writeFileSync(file, JSON.stringify({ ...config, clientConnection: { kubeconfig } }));
  const log = join(folder, "scheduler.log");
  const scheduler = ServiceProcess.start(
    await kubernetesBinary("kube-scheduler", () => undefined),
    [
      `--config=${file}`,
      `--secure-port=${String(port)}`,
      "--bind-address=127.0.0.1",
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
    ],
    log,
  );
  await scheduler.until(() => Promise.resolve(readFileSync(log, "utf8").includes("acquired lease")), 60_000);
  return () => scheduler.stop();
}

async function startServer(name: string, memory: "512Mi" | "40Gi"): Promise<void> {
  const requests = { cpu: "100m", memory };
  const limits = { cpu: "1", memory: memory === "40Gi" ? "41Gi" : "1Gi" };
  const pod: Manifest = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "physics" },
    spec: {
      schedulerName: SCHEDULER,
      priorityClassName: `${plan.environment}-hub-default-priority`,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "notebook",
          image: "quay.io/jupyter/base-notebook:2026-07-28",
          resources: { requests, limits },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
  expect(said(await admin.create(pod))).toBe("201");
}

interface Placed {
  readonly name: string;
  readonly node: string;
}

/** Waits until so many of these pods have a node, and are not on their way out. */
async function nodesOf(
  namespace: string,
  count: number,
  which: (pod: Manifest) => boolean,
): Promise<readonly Placed[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { body } = await admin.get(`/api/v1/namespaces/${namespace}/pods`);
    const placed = (listAt(body, "items") as readonly Manifest[])
      .filter((pod) => which(pod) && fieldOf(pod.metadata, "deletionTimestamp") === undefined)
      .map((pod) => ({ name: pod.metadata.name, node: fieldOf(pod["spec"], "nodeName") }))
      .filter((each): each is Placed => typeof each.node === "string");
    if (placed.length === count) return placed;
    if (Date.now() > deadline) {
      const states = listAt(body, "items").map((pod) => JSON.stringify(fieldOf(pod, "status", "conditions")));
      throw new Error(`${JSON.stringify(placed)}: not ${String(count)} have a node\n${states.join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isServer({ spec }: Manifest): boolean {
  return fieldOf(spec, "schedulerName") === SCHEDULER;
}

function isPlaceholder({ name }: Manifest["metadata"]): boolean {
  return name.startsWith("user-placeholder-");
}

/** The pods of hubs and scheduling, as their controllers would make them. */
function podsOf({ metadata, ...workload }: Manifest): readonly Manifest[] {
  if (fieldOf(metadata, "labels", "app.kubernetes.io/part-of") !== "jupyterhub") return [];
  const [template] = [
    fieldOf(workload, "spec", "jobTemplate", "spec", "template"),
    fieldOf(workload, "spec", "template"),
  ].filter(isJsonObject);
  if (template === undefined) return [];
  const { name, namespace = "default" } = metadata;
  // The name of a pod of a set would be taken.
  const own = { ...(template["metadata"] as JsonObject), name, namespace };
  return [{ apiVersion: "v1", kind: "Pod", metadata: own, spec: template["spec"] }];
}

function versionOf(live: JsonObject): string {
  const { name, resourceVersion } = live["metadata"] as { name: string; resourceVersion: string };
  return `${String(live["kind"])} ${name} ${resourceVersion}`;
}
