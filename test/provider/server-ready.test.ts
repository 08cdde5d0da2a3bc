/** The gate behind a server, before an API server that answers as a real one; the real one is in test/lab/drain.lab.test.ts. */
import { httpNodes } from "../../provider/kubernetes-api/http-nodes";
import { containsSecret, Secret } from "../../provider-protocol";
import type { PropertyMap, ResourceHandler } from "../../provider-protocol";
import { serverReadyHandler } from "../../provider/server-ready/handler";
import { NO_MEMBER_GATE } from "./member-gate";
import { apiServer, authority, kubeconfig } from "./api-server";
import type { ApiServer, Authority } from "./api-server";

const URN = "urn:pulumi:prod::labstead::labstead:index:ServerReady::ready/workers.general/0";
const PACE = { betweenLooks: 10, oneLook: 2_000, looks: 3 };
const NODE = "/api/v1/nodes/w0";
const PODS = "/api/v1/pods?fieldSelector=spec.nodeName=w0";

type Json = Readonly<Record<string, unknown>>;

let ca: Authority;
let api: ApiServer;
let config: string;
let gate: ResourceHandler;
let logged: string[];
let asked: string[];
/** The node, if there is one, and the pods on it; an eviction takes a pod away unless another answer is set. */
let node: Json | undefined;
let pods: Json[];
let evictions: Map<string, readonly [number, object]>;

beforeAll(() => {
  ca = authority("lab");
});
afterAll(() => ca.remove());
beforeEach(async () => {
  api = await apiServer(ca);
  api.handle = cluster;
  config = kubeconfig(ca, `https://127.0.0.1:${api.port}`);
  gate = serverReadyHandler({ nodes: httpNodes, memberGate: NO_MEMBER_GATE, pace: PACE });
  [logged, asked, pods] = [[], [], []];
  evictions = new Map();
  node = nodeObject(true);
});
afterEach(() => api.close());

function nodeObject(ready: boolean, spec: Json = {}): Json {
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
  return { metadata: { name: "w0", uid: "node-1" }, spec, status: { conditions } };
}

const NOT_FOUND = [404, { kind: "Status", reason: "NotFound", message: "not found" }] as const;

function cluster(method: string, path: string, body: string): readonly [number, object] {
  asked.push(`${method} ${path}${body === "" ? "" : ` ${body}`}`);
  if (path === NODE && node !== undefined) {
    if (method === "DELETE") node = undefined;
    return [200, node ?? {}];
  }
  if (path === PODS) return [200, { items: pods }];
  const [, name] = /\/pods\/([^/]+)\/eviction$/.exec(path) ?? [];
  if (name === undefined) return NOT_FOUND;
  const reported = evictions.get(name);
  if (reported === undefined) pods = pods.filter((pod) => (pod["metadata"] as Json)["name"] !== name);
  return reported ?? [201, {}];
}

function pod(name: string, metadata: Json = {}, status: Json = {}): Json {
  const owner = { kind: "ReplicaSet", name: "web", controller: true };
  return {
    metadata: { namespace: "lab", name, uid: `uid-${name}`, ownerReferences: [owner], ...metadata },
    status: { phase: "Running", ...status },
  };
}

const blockedBy = (message: string): readonly [number, object] => [
  429,
  {
    kind: "Status",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: { causes: [{ reason: "DisruptionBudget", message }] },
  },
];

const common = (signal = new AbortController().signal) => ({
  urn: URN,
  type: "labstead:index:ServerReady",
  name: "ready/workers.general/0",
  log: (severity: string, message: string): void => void logged.push(`${severity}: ${message}`),
  timeoutSeconds: undefined,
  signal,
});

function inputs(given: PropertyMap = {}): PropertyMap {
  const base = { kind: "node", serverId: "id-0", node: "w0", cluster: "prod/lab", drainSeconds: 15 };
  return { ...base, readySeconds: 15, kubeconfig: new Secret(config), ...given };
}

const remove = (given: PropertyMap = {}, signal?: AbortSignal) =>
  gate.delete({ ...common(signal), id: "id-0", state: {}, inputs: inputs(given) });
const create = (given: PropertyMap = {}, preview = false) =>
  gate.create({ ...common(), preview, inputs: inputs(given) });

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("it did not refuse");
  return error.message.replaceAll(/127\.0\.0\.1:\d+/g, "api");
}

describe("before a server goes", () => {
  it("its node is cordoned, emptied and removed, in this order", async () => {
    pods = [pod("a"), pod("b")];
    await remove();
    const eviction = (name: string) =>
      `POST /api/v1/namespaces/lab/pods/${name}/eviction ${JSON.stringify({
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace: "lab" },
        deleteOptions: { preconditions: { uid: `uid-${name}` } },
      })}`;
    expect(asked).toEqual([
      `GET ${NODE}`,
      `PATCH ${NODE} {"spec":{"unschedulable":true}}`,
      `GET ${PODS}`,
      eviction("a"),
      eviction("b"),
      `GET ${PODS}`,
      `DELETE ${NODE} {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"node-1"}}`,
      `GET ${PODS}`,
    ]);
    expect(logged.filter((line) => !line.startsWith("info"))).toEqual([]);
  });

  it("pods of DaemonSets, mirrors of static pods and ended ones stay where they are; the first end after the node", async () => {
    pods = [
      pod("cni", { ownerReferences: [{ kind: "DaemonSet", name: "cni", controller: true }] }),
      pod("csi", { ownerReferences: [{ kind: "DaemonSet", name: "csi", controller: true }] }),
      pod("etcd", { annotations: { "kubernetes.io/config.mirror": "1" }, ownerReferences: [] }),
      pod("job", {}, { phase: "Succeeded" }),
      pod("old", {}, { phase: "Failed" }),
    ];
    await remove();
    expect(asked.filter((line) => line.startsWith("POST"))).toEqual([]);
    expect(node).toBeUndefined();
    const options = (uid: string) =>
      JSON.stringify({ gracePeriodSeconds: 0, preconditions: { uid } }).slice(1);
    const deletion = (name: string) =>
      `DELETE /api/v1/namespaces/lab/pods/${name} {"apiVersion":"v1","kind":"DeleteOptions",${options(`uid-${name}`)}`;
    expect(asked.slice(-2)).toEqual([deletion("cni"), deletion("csi")]);
  });

  it("a pod without a controller goes too, and is named", async () => {
    pods = [pod("jupyter-ada", { ownerReferences: [] })];
    await remove();
    expect(logged).toContain(
      "warning: lab/jupyter-ada has no controller: nothing recreates it when node w0 is gone",
    );
  });

  it("nothing is asked if the user skips this node in this run", async () => {
    const options = { nodes: httpNodes, memberGate: NO_MEMBER_GATE, pace: PACE, skipDrain: ["w1", "w0"] };
    await serverReadyHandler(options).delete({
      ...common(),
      id: "id-0",
      state: {},
      inputs: inputs(),
    });
    expect(asked).toEqual([]);
    expect(logged).toEqual(["warning: node w0 is not emptied: LABSTEAD_SKIP_DRAIN names it"]);
  });

  it("there is nothing to do without a node of its name, or for a server that is none", async () => {
    node = undefined;
    await remove();
    expect(asked).toEqual([`GET ${NODE}`]);
    await gate.delete({ ...common(), id: "id-0", state: {}, inputs: { kind: "server", serverId: "id-0" } });
    expect(asked).toHaveLength(1);
  });

  it("the node of another server under the same name is left alone", async () => {
    node = nodeObject(true, { providerID: "openstack:///id-1" });
    await remove();
    expect(asked).toEqual([`GET ${NODE}`]);
    node = nodeObject(true, { providerID: "openstack://RegionOne/id-0" });
    await remove();
    expect(node).toBeUndefined();
  });

  it("a pod that a budget keeps is asked again until it may go", async () => {
    pods = [pod("a")];
    evictions.set("a", blockedBy("The disruption budget web needs 1 healthy pods and has 1 currently"));
    const evicted = () => asked.filter((line) => line.startsWith("POST")).length;
    api.handle = (...request) => {
      if (evicted() === 2) evictions.clear();
      return cluster(...request);
    };
    await remove();
    expect(evicted()).toBe(3);
    expect(node).toBeUndefined();
  });
});

describe("a server is not touched", () => {
  it("while pods are left: which, why, and how to go on; another try does", async () => {
    pods = [pod("a"), pod("b", { deletionTimestamp: "2026-01-01T00:00:00Z" }), pod("c")];
    evictions.set("a", blockedBy("The disruption budget web needs 1 healthy pods and has 1 currently"));
    const two =
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    evictions.set("c", [500, { kind: "Status", message: two }]);
    expect(await refusal(remove({ drainSeconds: 0.2 }))).toBe(
      `node w0 is not empty after 0.2 s, so its server was not touched
  lab/a: is not evicted: The disruption budget web needs 1 healthy pods and has 1 currently
  lab/b: is ending: its containers use their grace period, or a finalizer holds it
  lab/c: is not evicted: ${two}
  the node takes no new pods meanwhile; kubectl uncordon w0 gives it back
  make room (more replicas, a wider budget, or end the pod), then go on with: pulumi up -s prod`,
    );
    expect(node).toBeDefined();
    evictions.clear();
    pods = pods.filter((each) => (each["metadata"] as Json)["name"] !== "b");
    await remove();
    expect(node).toBeUndefined();
  });

  it("where the kubeconfig's user may not evict", async () => {
    pods = [pod("a")];
    evictions.set("a", [403, { kind: "Status", message: 'pods "a" is forbidden' }]);
    expect(await refusal(remove())).toBe(
      `cluster "prod/lab" does not let node w0 be emptied, so its server was not touched
  asked: https://api/api/v1/nodes/w0
  last answer: HTTP 403: pods "a" is forbidden
  check: the kubeconfig's user: it may not read evictions (create pods/eviction)
  if the cluster is lost, or the node is empty for sure: LABSTEAD_SKIP_DRAIN=w0 pulumi up -s prod`,
    );
  });

  it("while the API does not answer, after a few tries", async () => {
    await api.close();
    const message = await refusal(remove({ how: "tunnel" }));
    expect(message).toContain('cluster "prod/lab" does not let node w0 be emptied');
    expect(message).toContain("last answer: connect ECONNREFUSED api");
    expect(message).toContain("check: that the tunnel through the bastion is open");
    api = await apiServer(ca);
  });

  it("for the answer of a portal on the route", async () => {
    api.handle = (method, path) => (asked.push(`${method} ${path}`), [404, { error: "who are you?" }]);
    expect(await refusal(remove())).toContain("last answer: HTTP 404");
    api.handle = (method, path) => (asked.push(`${method} ${path}`), [200, { welcome: true }]);
    expect(await refusal(remove())).toContain("last answer: this is no node");
  });

  it("when the engine stops", async () => {
    pods = [pod("a")];
    evictions.set("a", blockedBy("The disruption budget web needs 1 healthy pods and has 1 currently"));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("cancelled")), 50);
    await expect(remove({ drainSeconds: 30 }, stop.signal)).rejects.toThrow();
    expect(node).toBeDefined();
  });
});

describe("after a server came", () => {
  it("nothing is asked unless its node is awaited", async () => {
    expect(await create()).toEqual({ id: "id-0", outputs: {} });
    expect(await create({ awaits: "ready" }, true)).toEqual({ id: "", outputs: {} });
    expect(asked).toEqual([]);
  });

  it("its node is waited for until it is Ready", async () => {
    node = undefined;
    api.handle = (...request) => {
      if (asked.length > 0) node = nodeObject(asked.length > 2);
      return cluster(...request);
    };
    await create({ awaits: "ready" });
    expect(logged).toEqual(
      expect.arrayContaining(["info: node w0: there is no such node", "info: node w0: it is not Ready"]),
    );
  });

  it("an error says what is missing", async () => {
    node = nodeObject(false);
    expect(await refusal(create({ awaits: "ready", readySeconds: 0.2 }))).toBe(
      `node w0 is not back 0.2 s after its server was recreated; no other server was touched after it
  last answer: it is not Ready
  check: kubectl describe node w0; the next up waits again`,
    );
    node = undefined;
    expect(await refusal(create({ awaits: "ready", readySeconds: 0.2 }))).toContain(
      "last answer: there is no such node",
    );
  });
});

describe("inputs", () => {
  const check = async (newInputs: PropertyMap) =>
    gate.check({ ...common(), oldInputs: {}, newInputs, randomSeed: new Uint8Array() });

  it("keep the kubeconfig secret, and are complete for their kind", async () => {
    const { inputs: checked, failures } = await check(inputs({ kubeconfig: config }));
    expect(failures).toEqual([]);
    expect(containsSecret(checked["kubeconfig"])).toBe(true);
    expect((await check({ kind: "server", serverId: "id-0" })).failures).toEqual([]);
    expect((await check({ kind: "pet", serverId: "id-0" })).failures).toEqual([
      { property: "kind", reason: "is one of server, node" },
    ]);
    expect((await check({ kind: "node", serverId: "", drainSeconds: 0 })).failures).toEqual([
      { property: "serverId", reason: "is missing; give a text" },
      { property: "node", reason: "is missing; give a text" },
      { property: "", reason: "kubeconfig is missing; give the contents of a kubeconfig" },
      { property: "drainSeconds", reason: "is a number of seconds above 0" },
    ]);
  });

  it("make another gate for another server only, and the old one goes first", async () => {
    const diff = (newInputs: PropertyMap) =>
      gate.diff({ ...common(), id: "", oldInputs: inputs(), newInputs, oldState: {}, ignoreChanges: [] });
    expect(await diff(inputs({ kubeconfig: "renewed", awaits: "ready", how: "tunnel" }))).toEqual({
      changes: {},
    });
    expect(await diff(inputs({ serverId: "id-1" }))).toEqual({
      changes: { serverId: { change: "update", replace: true } },
      deleteBeforeReplace: true,
    });
  });
});
