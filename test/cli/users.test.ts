/** `labstead users` against a server that answers as an API server does: starting, stopping, listing, and why not. */
import { UserPodsApi } from "../../cli/users/api";
import { fixOf } from "../../cli/users/fixes";
import { listPods, startPod, stopPod } from "../../cli/users/pods";
import { done } from "../../cli/users/run";
import { callerOf, userOf } from "../../cli/users/target";
import { parseKubeconfig } from "../../provider/kubernetes-api/kubeconfig";
import { userPodsPlan } from "../apps/user-pods/pods";
import { apiServer, authority, kubeconfig, type ApiServer, type Authority } from "../provider/api-server";
import { labstead } from "./command";

const [ADA, GRACE] = [37214, 37877];
const DEPLOYMENTS = "/apis/apps/v1/namespaces/tux/deployments";
const PATIENCE = { oneRequest: 2_000, altogether: 1_500, firstPause: 1, longestPause: 20 };
const plan = userPodsPlan({ "users.ada.kubernetesUser": "ada", "users.grace.kubernetesUser": "grace" });

const DISCOVERY: Readonly<Record<string, object>> = {
  "/api": { versions: ["v1"] },
  "/api/v1": { resources: [{ name: "pods", kind: "Pod", namespaced: true }] },
};

/** Deployments of two users; a pod is there while its Deployment wants one, and ready unless something is wrong. */
class Cluster {
  readonly replicas = new Map([
    [`uid${ADA}`, 0],
    [`uid${GRACE}`, 1],
  ]);
  readonly scaled: string[] = [];
  caller = "ada";
  mayList = true;
  /** Conditions of Deployments, and a status of the pods, that keep them from being ready. */
  conditions: readonly object[] = [];
  pod: object | undefined;
  podsStay = false;

  readonly handle: ApiServer["handle"] = (method, url, body) => {
    const [path = "", query = ""] = url.split("?");
    const known = DISCOVERY[path];
    if (known !== undefined) return [200, known];
    if (path.endsWith("selfsubjectreviews"))
      return [201, { status: { userInfo: { username: this.caller } } }];
    if (path === DEPLOYMENTS) return this.list();
    if (path === "/api/v1/namespaces/tux/pods") return [200, { items: this.pods(query) }];
    const [, name = "", scale] = /deployments\/(uid\d+)(\/scale)?$/.exec(path) ?? [];
    if (!this.replicas.has(name))
      return [404, { kind: "Status", reason: "NotFound", message: `${name} not found` }];
    if (scale === undefined) return [200, this.deployment(name)];
    if (this.caller !== "admin" && name !== `uid${this.caller === "ada" ? ADA : GRACE}`)
      return [403, { message: `User "${this.caller}" cannot ${method.toLowerCase()} deployments/scale` }];
    const { spec } = JSON.parse(body) as { readonly spec: { readonly replicas: number } };
    this.replicas.set(name, spec.replicas);
    this.scaled.push(`${name} ${spec.replicas}`);
    return [200, {}];
  };

  private list(): readonly [number, object] {
    if (!this.mayList) return [403, { message: "may not list" }];
    return [200, { items: [...this.replicas.keys()].reverse().map((name) => this.deployment(name)) }];
  }

  private deployment(name: string): object {
    const replicas = this.replicas.get(name) ?? 0;
    const ready = this.pod === undefined && this.conditions.length === 0 ? replicas : 0;
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "tux", generation: 2 },
      spec: { replicas, selector: { matchLabels: { "app.kubernetes.io/name": name } } },
      status: {
        observedGeneration: 2,
        updatedReplicas: ready,
        availableReplicas: ready,
        conditions: this.conditions,
      },
    };
  }

  private pods(query: string): readonly object[] {
    const uid = /hebi-user=(\d+)/.exec(query)?.[1];
    const there = this.podsStay || uid === undefined || this.replicas.get(`uid${uid}`) === 1;
    return there ? [{ kind: "Pod", metadata: { name: "uid-pod" }, status: this.pod ?? {} }] : [];
  }
}

let ca: Authority;
let server: ApiServer;
let cluster: Cluster;
let api: UserPodsApi;
let progress: string[];

beforeAll(() => {
  ca = authority("lab");
});
afterAll(() => ca.remove());
beforeEach(async () => {
  server = await apiServer(ca);
  cluster = new Cluster();
  server.handle = cluster.handle;
  progress = [];
  const access = parseKubeconfig(kubeconfig(ca, `https://127.0.0.1:${server.port}`));
  api = new UserPodsApi(access, "tux", new AbortController().signal, PATIENCE);
});
afterEach(() => server.close());

const waiting = (seconds = 1) => ({ seconds, between: 5, progress: (text: string) => progress.push(text) });
const ada = userOf(plan, String(ADA));
const grace = userOf(plan, String(GRACE));

test("a pod is started once, and its address printed", async () => {
  const address = `https://pods.hebi.example.org/uid${ADA}/`;
  expect(await startPod(api, ada, waiting())).toBe(`uid${ADA} runs: ${address}`);
  expect(await startPod(api, ada, waiting())).toBe(`uid${ADA} was running: ${address}`);
  expect(cluster.scaled).toEqual([`uid${ADA} 1`]);
});

test("a pod is stopped once", async () => {
  cluster.caller = "grace";
  expect(await stopPod(api, grace, waiting())).toBe(`uid${GRACE} is stopped`);
  expect(await stopPod(api, grace, waiting())).toBe(`uid${GRACE} was stopped`);
  expect(cluster.scaled).toEqual([`uid${GRACE} 0`]);
});

test("somebody else's pod is not started, in the API server's words", async () => {
  await expect(stopPod(api, grace, waiting())).rejects.toThrow('User "ada" cannot patch deployments/scale');
  expect(cluster.replicas.get(`uid${GRACE}`)).toBe(1);
});

describe("a group", () => {
  const { gid } = plan.users.find(({ uid }) => uid === ADA) ?? { gid: 0 };
  const other = plan.users.find(({ uid }) => uid === GRACE)?.gid;

  test("that is the user's lets the command go on", async () => {
    expect(gid).not.toBe(other);
    expect(await done("start", plan, api, { uid: String(ADA), gid: String(gid) })).toMatch(/^uid\d+ runs: /);
  });

  test("that is another's stops it before anything is changed", async () => {
    await expect(done("start", plan, api, { uid: String(ADA), gid: String(other) })).rejects.toThrow(
      `the primary group of ${String(ADA)} is ${String(gid)} and not ${String(other)}, so nothing was changed; write --gid ${String(gid)}, or leave it out`,
    );
    expect(cluster.scaled).toEqual([]);
  });

  test("limits the list", async () => {
    const rows = (text: string): number => text.split("\n").filter((line) => line.includes("uid")).length;
    expect(rows(await done("list", plan, api, {}))).toBe(2);
    expect(rows(await done("list", plan, api, { gid: String(gid) }))).toBe(1);
  });

  test("that nobody has is no group", async () => {
    await expect(done("list", plan, api, { gid: "7" })).rejects.toThrow(
      /^--gid 7 is the primary group of no declared user; the groups are [\d, ]+$/,
    );
  });
});

const waitingFor = (reason: string, message: string) => ({
  containerStatuses: [{ name: "web", state: { waiting: { reason, message } } }],
});
const failed = (message: string) => ({
  conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }],
});

test.each<readonly [string, Partial<Pick<Cluster, "pod" | "conditions">>, string]>([
  [
    "an image that cannot be pulled",
    { pod: waitingFor("ImagePullBackOff", "no such host") },
    "it has 0 of 1 replicas ready: pod uid-pod waits in container web: ImagePullBackOff: no such host; check the image's name, and that the nodes reach its registry",
  ],
  [
    "a full quota",
    failed('pods "uid" is forbidden: exceeded quota: namespace-quota'),
    'it does not roll out: pods "uid" is forbidden: exceeded quota: namespace-quota; stop another pod, or raise apps.userPods.activePodLimit',
  ],
  [
    "a rule of the cluster",
    failed("admission policy labstead-limits denied request: no limits"),
    "it does not roll out: admission policy labstead-limits denied request: no limits; a rule of the cluster refuses the pod: see docs/cluster-rules.md and docs/per-user-pods.md",
  ],
  [
    "no node",
    { pod: { conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }] } },
    "pod uid-pod is not scheduled: 0/3 nodes are available; no node has room or the labels of apps.userPods.nodes: compare with kubectl describe nodes",
  ],
  [
    "a missing claim",
    {
      pod: {
        conditions: [
          { type: "PodScheduled", status: "False", message: 'persistentvolumeclaim "dlstmp" not found' },
        ],
      },
    },
    'pod uid-pod is not scheduled: persistentvolumeclaim "dlstmp" not found; make the claim in the namespace, or look at kubectl describe pvc',
  ],
  [
    "a program that ends",
    { pod: waitingFor("CrashLoopBackOff", "back-off 10s") },
    "CrashLoopBackOff: back-off 10s; the container's program ends: read its output by kubectl logs",
  ],
])("what keeps a pod from coming up: %s", async (_, wrong, text) => {
  Object.assign(cluster, wrong);
  const start = startPod(api, ada, waiting());
  await expect(start).rejects.toThrow(text);
  await expect(start).rejects.toThrow(`It stays started: labstead users stop --uid ${ADA} ends it`);
});

test("anything else takes time", () => {
  expect(fixOf("is not seen by its controller yet")).toBe(
    "wait longer by --wait, or look at kubectl describe pod",
  );
});

test("a pod that somebody stops meanwhile is not waited for", async () => {
  Object.assign(cluster, { pod: waitingFor("ImagePullBackOff", "no such host") });
  const stops = (text: string): void => {
    progress.push(text);
    cluster.replicas.set(`uid${ADA}`, 0);
  };
  const start = startPod(api, ada, { ...waiting(600), progress: stops });
  await expect(start).rejects.toThrow(`uid${ADA} was stopped by somebody else; start it again`);
  expect(progress).toEqual([expect.stringContaining("waits: has 0 of 1 replicas ready: pod uid-pod waits")]);
});

test("a pod that does not end is reported", async () => {
  cluster.caller = "grace";
  cluster.podsStay = true;
  await expect(stopPod(api, grace, waiting())).rejects.toThrow(`uid${GRACE} still has a pod left after 1 s`);
});

test("a user who was declared and not brought up", async () => {
  cluster.replicas.delete(`uid${ADA}`);
  await expect(startPod(api, ada, waiting())).rejects.toThrow(
    `there is no uid${ADA} in the namespace tux: bring the stack up, or name another one by --namespace`,
  );
});

test("the list has everybody's pods, or the caller's own one", async () => {
  const pods = () => listPods(api, () => callerOf(plan, api));
  expect(await pods()).toEqual([
    { uid: ADA, state: "stopped" },
    { uid: GRACE, state: "runs" },
  ]);
  cluster.mayList = false;
  expect(await pods()).toEqual([{ uid: ADA, state: "stopped" }]);
});

test("the caller is who the API server says, and has one pod", async () => {
  expect((await callerOf(plan, api)).uid).toBe(ADA);
  cluster.caller = "mallory";
  await expect(callerOf(plan, api)).rejects.toThrow(
    `the kubeconfig is of "mallory", who has no pod; name one by --uid (the users are ${ADA} (ada), ${GRACE} (grace)), or write the name as kubernetesUser of a user`,
  );
  cluster.caller = "ada";
  const twice = userPodsPlan({ "users.ada.kubernetesUser": "ada", "users.grace.kubernetesUser": "ada" });
  await expect(callerOf(twice, api)).rejects.toThrow(
    `who has several pods; write --uid with one of ${ADA}, ${GRACE}`,
  );
});

test("a UID of nobody", () => {
  expect(() => userOf(plan, "0")).toThrow(
    `--uid 0 is the UID of no declared user; the users are ${ADA} (ada), ${GRACE} (grace), or declare the user under apps.userPods.users and bring the stack up`,
  );
});

test.each<readonly [string, readonly string[], string]>([
  [
    "without users' pods",
    ["users", "list", "prod"],
    "prod has no pods of users: describe them under apps.userPods\n",
  ],
])("the command %s", (_, args, text) => {
  const { code, stderr } = labstead(args);
  expect({ code, stderr }).toEqual({ code: 1, stderr: text });
});
