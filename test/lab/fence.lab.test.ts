/** A node that is gone, in a real cluster: its pods stay until it is taken out of service, and go then. */
import { nodeOf, OUT_OF_SERVICE, type FencedNode } from "../../cli/fence/node";
import { fieldOf, type Manifest } from "../../deploy/manifest";
import { parseKubeconfig, type ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { setUp } from "./host/undo";
import type { ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { until } from "./machines/host";

const NODE = "worker-1";
const POD = "/api/v1/namespaces/lab/pods/server";
/** Pods of a node out of service are collected every 20 seconds. */
const SECONDS = 90;
const { signal } = new AbortController();

let admin: ApiClient;
let access: ClusterAccess;
let node: FencedNode;

setUp(async (undo) => {
  const cluster = undo.use(await ControlPlane.start());
  await cluster.startControllers();
  admin = await cluster.client();
  access = parseKubeconfig(await cluster.kubeconfig());
  node = nodeOf(access, NODE);
  await made({ apiVersion: "v1", kind: "Namespace", metadata: { name: "lab" } });
  const taint = { key: "example.org/theirs", effect: "PreferNoSchedule" };
  await made({ apiVersion: "v1", kind: "Node", metadata: { name: NODE }, spec: { taints: [taint] } });
  const containers = [{ name: "main", image: "none" }];
  const metadata = { name: "server", namespace: "lab" };
  await made({ apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName: NODE, containers } });
  await status("/api/v1/nodes/worker-1", {
    conditions: [{ type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" }],
  });
  await status(POD, { phase: "Running", conditions: [{ type: "Ready", status: "True" }] });
  await made({
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttachment",
    metadata: { name: "attachment" },
    spec: { attacher: "cinder.csi.openstack.org", nodeName: NODE, source: { persistentVolumeName: "pvc-1" } },
  });
});

async function made(manifest: Manifest): Promise<void> {
  const { status: code, body } = await admin.create(manifest);
  if (code !== 201) throw new Error(JSON.stringify(body));
}

async function status(path: string, value: object): Promise<void> {
  const { status: code, body } = await admin.ask(
    "PATCH",
    `${path}/status`,
    { status: value },
    "application/merge-patch+json",
  );
  if (code !== 200) throw new Error(JSON.stringify(body));
}

async function taints(): Promise<unknown> {
  return fieldOf((await admin.get(`/api/v1/nodes/${NODE}`)).body, "spec", "taints");
}

test("its pod is deleted, and stays: no kubelet says that it has ended", async () => {
  await admin.delete(POD);
  expect(await node.state(signal)).toEqual({ ready: false, outOfService: false });
  expect(await node.remaining(signal)).toEqual({ pods: ["lab/server"], volumes: ["pvc-1"] });
});

test("out of service, the pod goes; taints of others stay, at the node", async () => {
  await node.setOutOfService(true, signal);
  expect(await node.state(signal)).toEqual({ ready: false, outOfService: true });
  expect(await taints()).toEqual(expect.arrayContaining([OUT_OF_SERVICE]));
  await until("the pod's end", SECONDS, async () =>
    (await node.remaining(signal)).pods.length === 0 ? true : undefined,
  );
  expect((await admin.get(POD)).status).toBe(404);
});

test("in service again, it has the taints of others alone", async () => {
  await node.setOutOfService(false, signal);
  expect(await node.state(signal)).toEqual({ ready: false, outOfService: false });
  expect(await taints()).toContainEqual({ key: "example.org/theirs", effect: "PreferNoSchedule" });
});

test("a node that is not there is none", async () => {
  expect(await nodeOf(access, "nobody").state(signal)).toBeUndefined();
});
