/** When objects are ready, and what is said of those that are not. */
import { notReady } from "../../../provider/apply-set/ready";
import { waitsFor } from "../../../provider/apply-set/readiness";
import { ApiRefusal } from "../../../provider/apply-set/objects";
import type { ClusterObjects } from "../../../provider/apply-set/objects";
import { entryKey, type ObjectRef } from "../../../provider/apply-set/entries";
import type { PlainMap } from "../../../provider-protocol";

const METADATA = { name: "web", namespace: "lab", generation: 2 };

function workload(kind: string, spec: PlainMap, status: PlainMap): PlainMap {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: METADATA,
    spec,
    status: { observedGeneration: 2, ...status },
  };
}

function core(kind: string, fields: PlainMap): PlainMap {
  return { apiVersion: "v1", kind, metadata: METADATA, ...fields };
}

const QUOTA =
  'pods "web-1" is forbidden: exceeded quota: lab, requested: pods=1, used: pods=3, limited: pods=3';

test.each<[string, PlainMap, string | undefined]>([
  [
    "a Deployment",
    workload("Deployment", { replicas: 2 }, { updatedReplicas: 2, availableReplicas: 2 }),
    undefined,
  ],
  ["a Deployment of none", workload("Deployment", { replicas: 0 }, {}), undefined],
  [
    "a Deployment in between",
    workload("Deployment", { replicas: 2 }, { updatedReplicas: 2, availableReplicas: 1 }),
    "has 1 of 2 replicas ready",
  ],
  [
    "a Deployment not looked at",
    workload("Deployment", {}, { observedGeneration: 1 }),
    "is not seen by its controller yet",
  ],
  [
    "a Deployment above its quota",
    workload("Deployment", {}, { conditions: [{ type: "ReplicaFailure", status: "True", message: QUOTA }] }),
    `does not roll out: ${QUOTA}`,
  ],
  [
    "a Deployment that took too long",
    workload(
      "Deployment",
      {},
      { conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }] },
    ),
    "does not roll out: ProgressDeadlineExceeded",
  ],
  [
    "a StatefulSet",
    workload("StatefulSet", { replicas: 1 }, { updatedReplicas: 1, readyReplicas: 0 }),
    "has 0 of 1 replicas ready",
  ],
  [
    "a DaemonSet",
    workload("DaemonSet", {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 2 }),
    "is ready on 2 of 3 nodes",
  ],
  [
    "a Job",
    { ...workload("Job", { completions: 2 }, { succeeded: 1 }), apiVersion: "batch/v1" },
    "has 1 of 2 completions",
  ],
  [
    "a Job that failed",
    {
      ...workload("Job", {}, { conditions: [{ type: "Failed", status: "True", message: "too often" }] }),
      apiVersion: "batch/v1",
    },
    "failed: too often",
  ],
  ["a claim", core("PersistentVolumeClaim", { status: { phase: "Bound" } }), undefined],
  ["a claim that waits", core("PersistentVolumeClaim", { status: { phase: "Pending" } }), "is Pending"],
  ["a claim not looked at", core("PersistentVolumeClaim", {}), "is not seen by its controller yet"],
  ["a Service", core("Service", { spec: { type: "ClusterIP" } }), undefined],
  [
    "a load balancer",
    core("Service", { spec: { type: "LoadBalancer" }, status: { loadBalancer: {} } }),
    "has no address of a load balancer yet; see the cloud controller's log",
  ],
  ["a ConfigMap", core("ConfigMap", {}), undefined],
  [
    "a definition",
    {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: METADATA,
      status: { conditions: [] },
    },
    "has no condition Established yet",
  ],
])("%s", (_what, object, reason) => {
  expect(waitsFor(object)).toBe(reason);
});

const DEPLOYMENT = entryKey({ group: "apps", kind: "Deployment", namespace: "lab", name: "web" });
const CLAIM = entryKey({ group: "", kind: "PersistentVolumeClaim", namespace: "lab", name: "web" });

/** A cluster with some objects, and pods that a listing gives. */
function cluster(
  objects: Readonly<Record<string, PlainMap>>,
  pods: readonly PlainMap[] | ApiRefusal = [],
): ClusterObjects {
  const none = () => Promise.reject(new Error("not asked for here"));
  return {
    apply: none,
    dryRun: none,
    find: none,
    list: none,
    delete: none,
    get: (ref) => Promise.resolve(objects[entryKey(ref)]),
    read: () => (pods instanceof ApiRefusal ? Promise.reject(pods) : Promise.resolve(pods)),
  };
}

function reasons(api: ClusterObjects, ...keys: readonly string[]): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const set = { namespace: "default", name: "users" };
  const target = { api, set, conflicts: "refuse" as const, takesOver: [], initialOnly: new Map(), signal };
  const request = { urn: "", type: "", name: "", timeoutSeconds: undefined, signal, log: () => undefined };
  return notReady(request, target, { keys, seconds: 0 });
}

const WEB = workload("Deployment", { replicas: 1, selector: { matchLabels: { app: "web" } } }, {});

test.each<[string, PlainMap, string]>([
  [
    "scheduling",
    {
      conditions: [
        { type: "PodScheduled", status: "False", message: "0/3 nodes are available: 3 Insufficient memory." },
      ],
    },
    "pod web-1 is not scheduled: 0/3 nodes are available: 3 Insufficient memory.",
  ],
  [
    "the image",
    {
      containerStatuses: [
        { name: "main", state: { waiting: { reason: "ImagePullBackOff", message: "not found" } } },
      ],
    },
    "pod web-1 waits in container main: ImagePullBackOff: not found",
  ],
  [
    "a container before it",
    { initContainerStatuses: [{ name: "first", state: { waiting: { reason: "CrashLoopBackOff" } } }] },
    "pod web-1 waits in container first: CrashLoopBackOff",
  ],
])("a workload's pods say why: %s", async (_what, status, reason) => {
  const pods = [core("Pod", { metadata: { name: "web-1" }, status })];
  expect(await reasons(cluster({ [DEPLOYMENT]: WEB }, pods), DEPLOYMENT)).toEqual([
    `1 of 1 object not ready after 0 s:\n  ${DEPLOYMENT} has 0 of 1 replicas ready: ${reason}`,
  ]);
});

test("whoever may not list pods gets the reason of the workload alone", async () => {
  const forbidden = new ApiRefusal(403, "Forbidden", "forbidden");
  expect(await reasons(cluster({ [DEPLOYMENT]: WEB }, forbidden), DEPLOYMENT)).toEqual([
    `1 of 1 object not ready after 0 s:\n  ${DEPLOYMENT} has 0 of 1 replicas ready`,
  ]);
});

test("what is gone is not ready, and what nothing is known of is", async () => {
  expect(await reasons(cluster({}), DEPLOYMENT, "lab/web/ConfigMap")).toEqual([
    `1 of 2 objects not ready after 0 s:\n  ${DEPLOYMENT} is gone`,
  ]);
});

test("a claim whose class waits for its first pod is ready, one of another class is not", async () => {
  const claim = core("PersistentVolumeClaim", {
    spec: { storageClassName: "disk" },
    status: { phase: "Pending" },
  });
  const key = "/disk/StorageClass.storage.k8s.io";
  const api = (mode: string) => cluster({ [CLAIM]: claim, [key]: { volumeBindingMode: mode } });
  expect(await reasons(api("WaitForFirstConsumer"), CLAIM)).toEqual([]);
  expect(await reasons(api("Immediate"), CLAIM)).toHaveLength(1);
});

test("of many objects, the pods of those that are shown are asked, and a class once", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  const keyed = (kind: Pick<ObjectRef, "group" | "kind">) =>
    names.map((name) => entryKey({ ...kind, namespace: "lab", name }));
  const workloads = keyed({ group: "apps", kind: "Deployment" });
  const claims = keyed({ group: "", kind: "PersistentVolumeClaim" });
  const pending = core("PersistentVolumeClaim", {
    spec: { storageClassName: "disk" },
    status: { phase: "Pending" },
  });
  const objects = Object.fromEntries([
    ...workloads.map((key) => [key, WEB] as const),
    ...claims.map((key) => [key, pending] as const),
  ]);
  const plain = cluster(objects, []);
  const asked = { pods: 0, classes: 0 };
  const counting: ClusterObjects = {
    ...plain,
    get: (ref, signal) => {
      if (ref.kind === "StorageClass") asked.classes++;
      return plain.get(ref, signal);
    },
    read: (...args) => {
      asked.pods++;
      return plain.read(...args);
    },
  };
  const [message = ""] = await reasons(counting, ...workloads, ...claims);
  expect(message).toContain("200 of 200 objects not ready after 0 s:");
  expect(message).toContain("and 180 more");
  expect(asked).toEqual({ pods: 20, classes: 1 });
});
