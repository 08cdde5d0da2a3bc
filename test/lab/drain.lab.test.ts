/** Nodes emptied through a real API server, whose eviction API holds to disruption budgets that a real controller counts. */
import type { Manifest } from "../../deploy/manifest";
import { httpNodes } from "../../provider/kubernetes-api/http-nodes";
import { serverReadyHandler } from "../../provider/server-ready/handler";
import { NO_MEMBER_GATE } from "../provider/member-gate";
import { setUp } from "./host/undo";
import type { ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";

let cluster: ControlPlane;
let admin: ApiClient;
let kubeconfig: string;

setUp(async (undo) => {
  cluster = undo.use(await ControlPlane.start());
  await cluster.startControllers();
  admin = await cluster.client();
  kubeconfig = await cluster.kubeconfig();
  await made({ apiVersion: "v1", kind: "Namespace", metadata: { name: "lab" } });
});

const gate = serverReadyHandler({
  nodes: httpNodes,
  memberGate: NO_MEMBER_GATE,
  pace: { betweenLooks: 100, oneLook: 5_000, looks: 3 },
});

async function made(manifest: Manifest): Promise<void> {
  const { status, body } = await admin.create(manifest);
  if (status !== 201) throw new Error(JSON.stringify(body));
}

/** A node without a kubelet: pods that end at once need none. */
async function nodeWith(name: string, pods: readonly (readonly [string, object])[]): Promise<void> {
  await made({ apiVersion: "v1", kind: "Node", metadata: { name } });
  for (const [podName, metadata] of pods) {
    const containers = [{ name: "main", image: "none" }];
    const tolerations = [{ operator: "Exists" }];
    await made({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: podName, namespace: "lab", ...metadata },
      spec: { nodeName: name, terminationGracePeriodSeconds: 0, containers, tolerations },
    });
    await running(podName);
  }
}

async function running(name: string): Promise<void> {
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  const type = "application/merge-patch+json";
  const { status: code, body } = await admin.ask("PATCH", `${pod(name)}/status`, { status }, type);
  if (code !== 200) throw new Error(JSON.stringify(body));
}

async function remove(node: string, drainSeconds: number, config = kubeconfig): Promise<string> {
  const work = gate.delete({
    urn: "urn:pulumi:prod::labstead::labstead:index:ServerReady::ready/w",
    type: "labstead:index:ServerReady",
    name: "ready/w",
    log: () => undefined,
    id: "id",
    inputs: { kind: "node", serverId: "id", node, kubeconfig: config, cluster: "prod/lab", drainSeconds },
    state: {},
    timeoutSeconds: undefined,
    signal: new AbortController().signal,
  });
  return work.then(
    () => "gone",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

const statusOf = async (path: string): Promise<number> => (await admin.get(path)).status;
const pod = (name: string) => `/api/v1/namespaces/lab/pods/${name}`;

test("pods are evicted, and the node is gone; a second time there is nothing to do", async () => {
  await nodeWith("w0", [
    ["web", {}],
    ["api", {}],
  ]);
  expect(await remove("w0", 30)).toBe("gone");
  expect(await statusOf("/api/v1/nodes/w0")).toBe(404);
  expect(await statusOf(pod("web"))).toBe(404);
  expect(await remove("w0", 30)).toBe("gone");
});

test("a disruption budget is held to, named in the error, and a wider one lets the next run go on", async () => {
  await nodeWith("w1", [["db", { labels: { app: "db" } }]]);
  const budget = "/apis/policy/v1/namespaces/lab/poddisruptionbudgets/db";
  await made({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "db", namespace: "lab" },
    spec: { minAvailable: 1, selector: { matchLabels: { app: "db" } } },
  });
  await counted(budget);
  expect(await remove("w1", 1)).toBe(
    `node w1 is not empty after 1 s, so its server was not touched
  lab/db: is not evicted: The disruption budget db needs 1 healthy pods and has 1 currently
  the node takes no new pods meanwhile; kubectl uncordon w1 gives it back
  make room (more replicas, a wider budget, or end the pod), then go on with: pulumi up -s prod`,
  );
  const node = await admin.get("/api/v1/nodes/w1");
  expect(node.body).toMatchObject({ spec: { unschedulable: true } });
  expect(await statusOf(pod("db"))).toBe(200);
  await admin.delete(budget);
  expect(await remove("w1", 30)).toBe("gone");
  expect(await statusOf(pod("db"))).toBe(404);
});

test("whoever may not do it gets an error, and nothing is touched", async () => {
  await nodeWith("w2", [["tool", {}]]);
  const config = await cluster.kubeconfig({ user: "ada" });
  expect(await remove("w2", 1, config)).toContain(
    'last answer: HTTP 403: nodes "w2" is forbidden: User "ada" cannot get resource "nodes"',
  );
  expect(await statusOf(pod("tool"))).toBe(200);
});

/** Until the controller has counted: before that a budget keeps everything. */
async function counted(path: string): Promise<void> {
  for (let look = 0; look < 200; look++) {
    const { body } = await admin.get(path);
    const { status } = body as { status?: { currentHealthy?: number } };
    if (status?.currentHealthy === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("nobody counted the healthy pods");
}
