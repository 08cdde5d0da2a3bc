/**
 * A hub in the namespace that zero-to-jupyterhub 4 and KubeSpawner leave behind, on a real API server: the old claims are
 * found by the old database, and no other is made. And what a person reads whose server finds no node.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HubPlan } from "../../../apps/hub/plan";
import { SECRET_VARIABLES } from "../../../apps/hub/secrets";
import { hubSettings } from "../../../apps/hub/settings";
import { fieldOf, listAt, type Manifest } from "../../../deploy/manifest";
import { traitletsFile } from "../../../kit";
import { environmentWith, hubPlan, NATIVE, VARIANTS } from "../../apps/hub/hubs";
import { configOf, type Json } from "../../environment/configs";
import { checkEnvironment } from "../../environments";
import { setUp, Undo } from "../host/undo";
import { said, type ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { applyAll, boundHubs } from "../kubernetes/environments";
import { host, until } from "../machines/host";
import { hubPython } from "./python";

const NAMESPACE = "physics";
const ACCOUNT = `system:serviceaccount:${NAMESPACE}:hub`;
const HUB: Json = {
  ...NATIVE,
  ...VARIANTS["moved from a chart"],
  nodePurpose: "require",
  homes: { kind: "claim", storageClass: "standard" },
  server: { startSeconds: 30 },
};
/** Of what a pod without a node needs no more. */
const plan: HubPlan = { ...hubPlan(HUB), startSeconds: 10 };
const SECRETS = Object.fromEntries(Object.values(SECRET_VARIABLES).map((name) => [name, "secret"]));

/** Of a person who had a server under KubeSpawner 7, by chart 4: it has remembered the claim. */
function remembered(name: string, claim: string): object {
  return {
    kubespawner_version: "7.0.0",
    pod_name: `jupyter-${name}`,
    namespace: NAMESPACE,
    dns_name: `jupyter-${name}.${NAMESPACE}.svc.cluster.local`,
    pvc_name: claim,
  };
}

/** Under KubeSpawner 6, by chart 3: nothing about the claim. */
function before(name: string): object {
  return { pod_name: `jupyter-${name}`, namespace: NAMESPACE, dns_name: "" };
}

/** People by their names, with their claim and what the database has of them. */
const PEOPLE: Readonly<Record<string, { readonly claim: string; readonly state: object }>> = {
  ada: { claim: "claim-ada", state: remembered("ada", "claim-ada") },
  "fed.id": {
    claim: "claim-fed-id---13215251",
    state: remembered("fed-id---13215251", "claim-fed-id---13215251"),
  },
  // With `slug_scheme: escape` under chart 4.
  "pinned.id": { claim: "claim-pinned-2eid", state: remembered("pinned-2eid", "claim-pinned-2eid") },
  "old.id": { claim: "claim-old-2eid", state: before("old-2eid") },
  grace: { claim: "claim-grace", state: before("grace") },
};

/** What is left when the release is gone: the claim that it keeps, and those that KubeSpawner has made. */
const LEFT: readonly Manifest[] = [
  {
    ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "standard" } },
    ...{ provisioner: "example.org/volumes", volumeBindingMode: "WaitForFirstConsumer" },
  },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels: { team: "physics" } } },
  claim("hub-db-dir", "1Gi", {
    ...{ app: "jupyterhub", component: "hub", heritage: "Helm", release: NAMESPACE },
    ...{ "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": NAMESPACE },
  }),
  ...Object.values(PEOPLE).map((person) =>
    claim(person.claim, "10Gi", {
      ...{ app: "jupyterhub", component: "singleuser-storage", heritage: "jupyterhub" },
      "app.kubernetes.io/managed-by": "kubespawner",
    }),
  ),
];

const CLAIMS = LEFT.filter(({ kind }) => kind === "PersistentVolumeClaim")
  .map(({ metadata }) => metadata.name)
  .sort();

function claim(name: string, storage: string, labels: Readonly<Record<string, string>>): Manifest {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "standard",
      resources: { requests: { storage } },
    },
  };
}

let cluster: ControlPlane;
let admin: ApiClient;

setUp(async (undo) => {
  const made = boundHubs({ [NAMESPACE]: { ...HUB } });
  cluster = undo.use(await ControlPlane.start({ serviceCidr: made.plan.cluster.serviceCidr }));
  admin = await cluster.client();
  await cluster.startControllers();
  // It has room for everybody, and no purpose.
  await cluster.startNodes(1);
  await applyAll(admin, LEFT);
  const labels = { metadata: { labels: wantedLabels() } };
  const path = `/api/v1/namespaces/${NAMESPACE}`;
  expect((await admin.ask("PATCH", path, labels, "application/merge-patch+json")).status).toBe(200);
  await applyAll(admin, made.manifests);
});

test("the program changes neither the namespace's own labels nor the claims that were there", async () => {
  const { body } = await admin.get(`/api/v1/namespaces/${NAMESPACE}`);
  expect(body).toMatchObject({
    metadata: { labels: { team: "physics", "pod-security.kubernetes.io/enforce": "restricted" } },
  });
  expect(await claims()).toEqual(CLAIMS);
});

test("each person's server has the old claim, and who is new gets the only new one", async () => {
  const people = { ...PEOPLE, edith: { claim: "claim-edith", state: {} } };
  const seen = await starts(
    Object.fromEntries(Object.entries(people).map(([name, { state }]) => [name, state])),
  );
  for (const [name, person] of Object.entries(people))
    expect([name, seen[name]?.claims]).toEqual([name, [person.claim]]);
  expect(await claims()).toEqual([...CLAIMS, "claim-edith"].sort());
});

test("a person whose server finds no node of its purpose reads why", async () => {
  const { ada } = await starts({ ada: PEOPLE["ada"]?.state ?? {} });
  expect(ada?.failed).toBe("pod physics/jupyter-ada did not start in 10 seconds!");
  expect(ada?.read.join("\n")).toContain(
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector",
  );
});

test("a person whose server's image is missing reads why", async () => {
  const [{ grace }] = await Promise.all([
    starts({ grace: PEOPLE["grace"]?.state ?? {} }),
    reportMissingImage("jupyter-grace"),
  ]);
  expect(grace?.failed).toBe("pod physics/jupyter-grace did not start in 10 seconds!");
  expect(grace?.read).toContain(MISSING_IMAGE);
});

test("the hub's account may delete no claim", async () => {
  const hub = await cluster.client({ user: ACCOUNT });
  const path = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims/claim-ada`;
  expect(said(await hub.ask("DELETE", path))).toContain("403");
});

interface Start {
  readonly claims: readonly string[];
  readonly read: readonly string[];
  readonly failed: string | null;
}

/** With the rights of the hub's own account. */
function starts(states: Readonly<Record<string, object>>): Promise<Readonly<Record<string, Start>>> {
  return Undo.within(async (undo) => {
    const folder = undo.folder("spawns");
    const [config, kubeconfig] = [join(folder, "jupyterhub_config.py"), join(folder, "kubeconfig")];
    writeFileSync(config, traitletsFile(hubSettings(plan)));
    writeFileSync(kubeconfig, await cluster.kubeconfig({ user: ACCOUNT }));
    const python = [hubPython("5.5"), join(__dirname, "spawns.py"), config, JSON.stringify(states)];
    const printed = await host(python, { env: { ...process.env, KUBECONFIG: kubeconfig, ...SECRETS } });
    return JSON.parse(printed) as Readonly<Record<string, Start>>;
  });
}

const MISSING_IMAGE =
  'Failed to pull image "registry.example.org/lab:1": rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.org/lab:1": not found';

/** Says of a pod, as soon as it is there, what a kubelet says: there is none here. */
async function reportMissingImage(name: string): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}`;
  const uid = await until(`the pod ${name}`, 60, async () => {
    const { body } = await admin.get(`${path}/pods/${name}`);
    return fieldOf(body, "metadata", "uid");
  });
  const time = new Date().toISOString().replace(/\.\d+Z/, "Z");
  const event = {
    ...{ apiVersion: "v1", kind: "Event", type: "Warning", reason: "Failed", message: MISSING_IMAGE },
    metadata: { name: `${name}.missing-image`, namespace: NAMESPACE },
    involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace: NAMESPACE, uid },
    ...{ source: { component: "kubelet" }, firstTimestamp: time, lastTimestamp: time, count: 1 },
  };
  expect((await admin.ask("POST", `${path}/events`, event)).status).toBe(201);
}

async function claims(): Promise<readonly string[]> {
  const { body } = await admin.get(`/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`);
  return listAt(body, "items")
    .map((each) => (each as Manifest).metadata.name)
    .sort();
}

/** As the command of the finding sets them. */
function wantedLabels(): Readonly<Record<string, string>> {
  const found = checkEnvironment(configOf("jupyterhub", environmentWith({ [NAMESPACE]: HUB }))).find(
    ({ id }) => id === "hub.existing-namespace",
  );
  const [, words = ""] = (found?.fix ?? "").split(` namespace ${NAMESPACE} `);
  return Object.fromEntries(words.split(" ").map((word) => word.split("=") as [string, string]));
}
