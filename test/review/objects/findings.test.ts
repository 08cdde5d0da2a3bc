/** Each finding over objects: one example that triggers it, and one that just does not. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../../deploy/manifest";
import { findingText } from "../../../environment/findings";
import { OBJECTS } from "../../../environment/findings/objects";
import { stackFile } from "../../../environment/stack-file";
import { lab } from "../../../lab";
import { objectFindings } from "../../../review/objects/findings";
import { ROOT } from "../../cli/command";
import { readEnvironment } from "../../environments";

const LARGEST = { cpuMillis: 4000, memoryMiB: 8192 };

function object(kind: string, name: string, spec: unknown, namespace = "lab"): Manifest {
  const apiVersion = kind === "Service" || kind === "Pod" ? "v1" : "apps/v1";
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

interface Given {
  readonly labels?: Readonly<Record<string, string>>;
  readonly selects?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  readonly requests?: Readonly<Record<string, string>>;
  /** Of its container, beside name and resources. */
  readonly more?: object;
}

/** More than any test requests. */
const LIMITS = { cpu: "1000", memory: "1000Gi" };

function deployment(name: string, given: Given = {}): Manifest {
  const { labels = { app: name }, selects = labels, replicas = 1, requests = {}, more } = given;
  const resources = { requests: { cpu: "1m", memory: "1Mi", ...requests }, limits: LIMITS };
  const containers = [{ name: "main", resources, ...more }];
  return object("Deployment", name, {
    replicas,
    selector: { matchLabels: selects },
    template: { metadata: { labels }, spec: { containers } },
  });
}

const service = (app: string, namespace?: string): Manifest =>
  object("Service", "front", { selector: { app } }, namespace);

const resources = (requests: object, limits: object): Given => ({
  more: { resources: { requests, limits } },
});
const liveness = (probe: object): Given => ({ more: { livenessProbe: probe } });

const quota = (hard: object): Manifest => object("ResourceQuota", "quota", { hard });
const claim = (name: string, storage: string): Manifest =>
  object("PersistentVolumeClaim", name, { resources: { requests: { storage } } });

const NO_LIMITS = (what: string): string =>
  `workload.no-limits apps/Deployment lab/web: its container main has no limit of ${what}, so it may take all of a node; set resources.limits`;
const ALL_REQUESTED = (what: string): string =>
  `workload.request apps/Deployment lab/web: its container main requests as much ${what} as it may use, so that amount is kept free of others while it is idle; request less than the limit, what it needs at least`;
const LEANS = (host: string): string =>
  `workload.liveness apps/Deployment lab/web: the liveness probe of its container main asks ${host}, so its pods are restarted when that one is away; ask the container itself, and let a readiness probe say that something else is missing`;
const TOO_LITTLE = (what: string): string =>
  `namespace.quota apps/ResourceQuota lab/quota: the objects of its namespace need ${what} while they are updated, so some pods or claims are refused; allow more, or run less`;

const budget = (limit: object): Manifest => ({
  ...object("PodDisruptionBudget", "web", { selector: { matchLabels: { app: "web" } }, ...limit }),
  apiVersion: "policy/v1",
});

const said = (...manifests: readonly Manifest[]): readonly string[] =>
  objectFindings(manifests, LARGEST).map((each) => `${each.id} ${findingText(each)}`);

const NO_PODS =
  "service.no-pods Service lab/front: selects app=wep, and no pod of the namespace lab has these labels; select labels that the pods have";
const BLOCKS = (pods: string): string =>
  `budget.drain policy/PodDisruptionBudget lab/web: lets none of the ${pods} pods of apps/Deployment lab/web be missing, so no node with one of them can be drained; demand fewer pods, or run more replicas`;

describe.each<[string, readonly Manifest[], readonly string[]]>([
  ["a Service of other labels", [deployment("web"), service("wep")], [NO_PODS]],
  ["a Service of the pods' labels", [deployment("web"), service("web")], []],
  ["a Service where the environment has no pods", [deployment("web"), service("wep", "other")], []],
  ["a Service without a selector", [deployment("web"), object("Service", "front", {})], []],
  [
    "a Service of a port that the pods do not name",
    [
      deployment("web", { more: { ports: [{ name: "http", containerPort: 8080 }] } }),
      object("Service", "front", { selector: { app: "web" }, ports: [{ port: 80, targetPort: "web" }] }),
    ],
    [
      "service.port Service lab/front: sends to the port web, and no container of its pods has a port of that name; name a port of the containers, or write its number",
    ],
  ],
  [
    "a Service of a port that they name, and of one by its number",
    [
      deployment("web", { more: { ports: [{ name: "http", containerPort: 8080 }] } }),
      object("Service", "front", {
        selector: { app: "web" },
        ports: [{ port: 80, targetPort: "http" }, { port: 81, targetPort: 8081 }, { port: 82 }],
      }),
    ],
    [],
  ],
  [
    "a Service of a job's pods",
    [
      service("job"),
      object("CronJob", "job", {
        jobTemplate: { spec: { template: { metadata: { labels: { app: "job" } } } } },
      }),
    ],
    [],
  ],
  [
    "two workloads of one label",
    [deployment("web"), deployment("web-2", { labels: { app: "web", tier: "b" }, selects: { tier: "b" } })],
    [
      "workload.selector apps/Deployment lab/web: selects app=web, which the pods of apps/Deployment lab/web-2 have too; give its pods a label of their own, and select it",
    ],
  ],
  ["two workloads of one label and another", [deployment("web"), deployment("web-2")], []],
  [
    "a pod by itself",
    [object("Pod", "debug", {})],
    [
      "workload.bare-pod Pod lab/debug: is a pod without a controller, so nothing starts it again after its node fails; make it by a Deployment, a StatefulSet or a Job",
    ],
  ],
  [
    "a pod larger than any node",
    [deployment("web", { requests: { cpu: "4001m", memory: "8Gi" } })],
    [
      "workload.too-large apps/Deployment lab/web: its pods request 4001m CPU and 8192 MiB, and no node has more than 4000m CPU and 8192 MiB free; request less, or give a pool of workers a larger flavor",
    ],
  ],
  ["a pod as large as a node", [deployment("web", { requests: { cpu: "4", memory: "8Gi" } })], []],
  ["a container without limits", [deployment("web", resources({}, {}))], [NO_LIMITS("cpu and memory")]],
  ["a container without one limit", [deployment("web", resources({}, { cpu: "1" }))], [NO_LIMITS("memory")]],
  [
    "an init container without limits",
    [
      object("StatefulSet", "web", {
        selector: { matchLabels: { app: "web" } },
        template: { spec: { initContainers: [{ name: "wait" }] } },
      }),
    ],
    [
      "workload.no-limits apps/StatefulSet lab/web: its container wait has no limit of cpu and memory, so it may take all of a node; set resources.limits",
    ],
  ],
  [
    "a container that requests its limits, in other units",
    [deployment("web", resources({ cpu: "1", memory: "1024Mi" }, { cpu: "1000m", memory: "1Gi" }))],
    [ALL_REQUESTED("cpu and memory")],
  ],
  [
    "a container that requests nothing, and so its limits",
    [deployment("web", resources({ cpu: "1m" }, { cpu: "1", memory: "1Gi" }))],
    [ALL_REQUESTED("memory")],
  ],
  [
    "a container that requests a little less",
    [deployment("web", resources({ cpu: "999m", memory: "1023Mi" }, { cpu: "1", memory: "1Gi" }))],
    [],
  ],
  ["a liveness probe of a host", [deployment("web", liveness({ httpGet: { host: "db" } }))], [LEANS("db")]],
  [
    "a liveness probe by a command that asks a host",
    [deployment("web", liveness({ exec: { command: ["sh", "-c", "curl -f http://db.lab:8080/up"] } }))],
    [LEANS("db.lab")],
  ],
  [
    "a liveness probe of the pod itself",
    [deployment("web", liveness({ exec: { command: ["curl", "https://localhost:8443/"] } }))],
    [],
  ],
  ["a liveness probe of a path", [deployment("web", liveness({ httpGet: { path: "/up", port: 80 } }))], []],
  [
    "a quota without room for an update",
    [
      quota({ pods: "4", "limits.cpu": "4" }),
      deployment("web", { ...resources({}, { cpu: "1", memory: "1Gi" }), replicas: 4 }),
    ],
    [ALL_REQUESTED("cpu and memory"), TOO_LITTLE("5 of 4 pods, 5 of 4 CPUs as limits")],
  ],
  ["a quota with room for it", [quota({ pods: "5" }), deployment("web", { replicas: 4 })], []],
  ["a quota of another namespace", [quota({ pods: "0" }), object("Deployment", "web", {}, "other")], []],
  [
    "a quota of claims and of their storage",
    [
      quota({ persistentvolumeclaims: "1", "requests.storage": "3Gi" }),
      claim("a", "1Gi"),
      claim("b", "2.5Gi"),
    ],
    [TOO_LITTLE("2 of 1 claims, 3.5 of 3 GiB of storage")],
  ],
  ["a budget of all", [deployment("web", { replicas: 2 }), budget({ minAvailable: 2 })], [BLOCKS("2")]],
  ["a budget of all but one", [deployment("web", { replicas: 2 }), budget({ minAvailable: 1 })], []],
  ["a budget of none", [deployment("web", { replicas: 2 }), budget({ maxUnavailable: 0 })], [BLOCKS("2")]],
  [
    "a share, rounded up",
    [deployment("web", { replicas: 3 }), budget({ minAvailable: "67%" })],
    [BLOCKS("3")],
  ],
  ["a smaller share", [deployment("web", { replicas: 3 }), budget({ minAvailable: "66%" })], []],
  ["a budget of a stopped workload", [deployment("web", { replicas: 0 }), budget({ minAvailable: 1 })], []],
])("%s", (_, manifests, texts) => {
  test(texts.length === 0 ? "is nothing" : "is found", () => {
    expect(said(...manifests)).toEqual(texts);
  });
});

test("sizes are not compared where those of the nodes are unknown", () => {
  const huge = deployment("web", { requests: { cpu: "400" } });
  expect(objectFindings([huge], undefined)).toEqual([]);
});

test("30,000 objects of users take seconds at most", () => {
  const manifests = Array.from({ length: 10_000 }, (_, user) => {
    const labels = { app: "user", user: String(user) };
    const name = `user-${String(user)}`;
    return [
      deployment(name, { labels }),
      object("Service", name, { selector: labels }),
      object("ConfigMap", name, {}),
    ];
  }).flat();
  const start = performance.now();
  expect(objectFindings(manifests, LARGEST)).toEqual([]);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test.each([
  ...["prod", "test"].map((stack) => stackFile(ROOT, stack)),
  ...readdirSync(join(ROOT, "examples")).map((file) => join(ROOT, "examples", file)),
])("nothing is found in %s", (file) => {
  const own = lab(readEnvironment(file)).findings.filter(({ id }) => id in OBJECTS.rows);
  expect(own.map(findingText)).toEqual([]);
});
