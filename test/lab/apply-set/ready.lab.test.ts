/**
 * Users whose pods become ready, and some whose pods do not: a real API server, controller manager and scheduler, and
 * nodes that kwok plays. What it cannot show: images, volumes and networks, since nothing runs.
 */
import { fieldOf, type JsonObject } from "../../../deploy/manifest";
import { startPlugin } from "../../../provider/main";
import type { ApplySetManifest } from "../../../provider/sdk";
import type { Engine } from "../../../rehearsal/engine";
import { setUp } from "../host/undo";
import type { ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { MISSING_IMAGE } from "../kubernetes/simulated-nodes";
import { openStack } from "./engine-stack";
import { NAMESPACE, namespaceOfUsers, userObjects, users } from "./users";

const USERS = 1_000;
const NODES = 10;
/** Seconds: the thousand need one or two minutes of two processors, which others use too. */
const READY_SECONDS = 600;
const BROKEN_SECONDS = 30;

let admin: ApiClient;
let open: (readyTimeoutSeconds: number) => Promise<Engine>;
let broken: readonly ApplySetManifest[] = [];

setUp(async (undo) => {
  const folder = undo.folder("ready");
  const cluster = undo.use(await ControlPlane.start());
  await cluster.startControllers();
  await cluster.startNodes(NODES);
  admin = await cluster.client();
  const plugin = await startPlugin();
  undo.later(() => plugin.stop());
  const kubeconfig = await cluster.kubeconfig();
  open = (readyTimeoutSeconds) =>
    openStack({
      directory: folder,
      kubeconfig,
      debugProviders: `labstead:${String(plugin.port)}`,
      settings: { readiness: "ready", readyTimeoutSeconds },
      objects: () => [
        namespaceOfUsers(),
        ...namespacesOfBroken(),
        ...users(USERS).flatMap(({ name }) => withHome(userObjects({ name }))),
        ...broken,
      ],
    });
});

/** The home of a user with a volume of its own: there is nothing that would make one. */
function withHome(objects: readonly ApplySetManifest[]): readonly ApplySetManifest[] {
  return objects.flatMap((object) => {
    if (object.kind !== "PersistentVolumeClaim") return [object];
    const { name, namespace, labels } = object.metadata;
    const spec = { ...(object["spec"] as object), storageClassName: "homes" };
    const volume = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `home-${name}`, labels },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        storageClassName: "homes",
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace, name },
        hostPath: { path: `/homes/${name}` },
      },
    };
    return [{ ...object, spec }, volume];
  });
}

const QUOTA = "with-quota";
const RESTRICTED = "restricted";

function namespacesOfBroken(): readonly ApplySetManifest[] {
  const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: QUOTA } },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: RESTRICTED, labels: restricted } },
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "pods", namespace: QUOTA },
      spec: { hard: { pods: "0" } },
    },
  ];
}

interface Workload {
  readonly name: string;
  readonly namespace?: string;
  readonly image?: string;
  readonly memory?: string;
}

function workload({ name, namespace = NAMESPACE, image = "notebook:1", memory = "1Gi" }: Workload) {
  const labels = { user: name };
  const container = { name: "main", image, resources: { requests: { memory } } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

async function items(path: string): Promise<readonly JsonObject[]> {
  return (await admin.get(path)).body["items"] as readonly JsonObject[];
}

test(`${USERS} users: up ends when the pod of each is ready`, async () => {
  const engine = await open(READY_SECONDS);
  const started = Date.now();
  await engine.up();
  process.stderr.write(`${USERS} users ready after ${Math.round((Date.now() - started) / 1000)} s\n`);
  const pods = await items(`/api/v1/namespaces/${NAMESPACE}/pods`);
  const ready = pods.filter((pod) =>
    JSON.stringify(fieldOf(pod, "status", "conditions")).includes('"Ready"'),
  );
  expect(ready).toHaveLength(USERS);
  const phases = pods.map((pod) => fieldOf(pod, "status", "phase"));
  expect(new Set(phases)).toEqual(new Set(["Running"]));
});

test("pods that do not become ready: the message says why of each", async () => {
  broken = [
    workload({ name: "no-image", image: MISSING_IMAGE }),
    workload({ name: "no-place", memory: "1Ti" }),
    workload({ name: "no-quota", namespace: QUOTA }),
    workload({ name: "no-admission", namespace: RESTRICTED }),
  ];
  const engine = await open(BROKEN_SECONDS);
  const message = await engine.up().then(
    () => "nothing is wrong",
    (error: unknown) => String(error),
  );
  expect(message).toMatch(
    new RegExp(
      `${NAMESPACE}/no-image/Deployment.apps has 0 of 1 replicas ready: pod no-image-\\S+ waits in container main: ImagePullBackOff: Back-off pulling image ${MISSING_IMAGE}: not found`,
    ),
  );
  expect(message).toMatch(
    /users\/no-place\/Deployment.apps has 0 of 1 replicas ready: pod no-place-\S+ is not scheduled: 0\/10 nodes are available: 10 Insufficient memory/,
  );
  expect(message).toMatch(
    /with-quota\/no-quota\/Deployment.apps does not roll out: pods "no-quota-\S+" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=0, limited: pods=0/,
  );
  expect(message).toMatch(
    /restricted\/no-admission\/Deployment.apps does not roll out: pods "no-admission-\S+" is forbidden: violates PodSecurity "restricted:latest"/,
  );
  expect(message).not.toContain("user-00001");
});

test("the users become ready again when what was wrong has left", async () => {
  broken = [];
  await (await open(READY_SECONDS)).up();
  expect(await items(`/apis/apps/v1/namespaces/${QUOTA}/deployments`)).toEqual([]);
});
