/** Each finding over objects: one example that triggers it, and one that just does not. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, Manifest } from "../../../deploy/manifest";
import { findingText } from "../../../environment/findings";
import { OBJECTS } from "../../../environment/findings/objects";
import { stackFile } from "../../../environment/stack-file";
import { lab } from "../../../lab";
import { objectFindings } from "../../../review/objects/findings";
import { ROOT } from "../../cli/command";
import { readEnvironment } from "../../environments";
import { FACTS } from "./facts";

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
const claim = (name: string, storage: string, more: object = {}): Manifest =>
  object("PersistentVolumeClaim", name, {
    ...{ storageClassName: "block", accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
    ...more,
  });
const using = (name: string, replicas: number): Manifest => {
  const { spec, ...rest } = deployment("web", { replicas }) as Manifest & { readonly spec: JsonObject };
  const template = spec["template"] as { readonly metadata: object; readonly spec: object };
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: name } }];
  return { ...rest, spec: { ...spec, template: { ...template, spec: { ...template.spec, volumes } } } };
};
const apart = (replicas: number, topologyKey: string, app = "web"): Manifest => {
  const { spec, ...rest } = deployment("web", { replicas }) as Manifest & { readonly spec: JsonObject };
  const template = spec["template"] as { readonly metadata: object; readonly spec: object };
  const term = { topologyKey, labelSelector: { matchLabels: { app } } };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  return { ...rest, spec: { ...spec, template: { ...template, spec: { ...template.spec, affinity } } } };
};
const balancer = (more: object = {}): Manifest =>
  object("Service", "front", { type: "LoadBalancer", ...more });
const egress = (cidr: string, except: readonly string[] = []): Manifest => ({
  ...object("NetworkPolicy", "out", { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr, except } }] }] }),
  apiVersion: "networking.k8s.io/v1",
});
const ingress = (host: string, tls: readonly object[]): Manifest => ({
  ...object("Ingress", "web", { rules: [{ host }], tls }),
  apiVersion: "networking.k8s.io/v1",
});
const certificate = (...dnsNames: readonly string[]): Manifest => ({
  ...object("Certificate", "web", { secretName: "web-tls", dnsNames }),
  apiVersion: "cert-manager.io/v1",
});

const NO_CLASS = (claim: string, what: string): string => `claim.class apps/${claim}: ${what}`;
const SHARED_BY = (pods: string): string =>
  `claim.mode apps/Deployment lab/web: ${pods} use the claim data, which one node at a time can have; run one replica, make a claim for each by a StatefulSet, or use a class of shared storage with ReadWriteMany`;
const APART = (replicas: string, places: string, word: string): string =>
  `workload.anti-affinity apps/Deployment lab/web: its ${replicas} replicas must be on different ${word}, and only ${places} can take them; run fewer replicas, add nodes, or prefer different ones instead of requiring them`;
const WORLD =
  "service.world Service lab/front: has a load balancer that everybody reaches; write spec.loadBalancerSourceRanges, or use the shared ingress controller";
const METADATA = (cidr: string): string =>
  `policy.metadata networking.k8s.io/NetworkPolicy lab/out: lets pods reach ${cidr}, and with it the cloud's metadata service at 169.254.169.254; write 169.254.169.254/32, or all of 169.254.0.0/16, into except`;
const UNCOVERED = (host: string, why: string): string =>
  `route.certificate networking.k8s.io/Ingress lab/web: serves ${host} without a certificate for it: ${why}; write the host into spec.tls and into its certificate`;

const NO_LIMITS = (what: string): string =>
  `workload.no-limits apps/Deployment lab/web: its container main has no limit of ${what}, so it may take all of a node; set resources.limits`;
const ALL_REQUESTED = (what: string): string =>
  `workload.request apps/Deployment lab/web: its container main requests as much ${what} as it may use, so that amount is kept free of others while it is idle; request less than the limit, what it needs at least`;
const LEANS = (host: string): string =>
  `workload.liveness apps/Deployment lab/web: the liveness probe of its container main asks ${host}, so its pods are restarted when that one is away; ask the container itself, and let a readiness probe say that something else is missing`;
const TOO_LITTLE = (what: string): string =>
  `namespace.quota apps/ResourceQuota lab/quota: the objects of its namespace need ${what} while they are updated, so some pods or claims are refused; allow more, or run less`;

const OF_THE_DAY = (image: string): string =>
  `workload.image apps/Deployment lab/web: its container main runs ${image}, which is another image whenever its registry has a newer one; name a version or a digest`;
const variable = (name: string, value: string): Manifest =>
  deployment("web", { more: { env: [{ name, value }] } });
const settings = (data: JsonObject): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "lab" },
  data,
});
const PLAIN = (object: string, place: string): string =>
  `object.secret ${object}: has a secret in plain text, ${place}; put it into a Secret, refer to that, and change the secret`;

const budget = (limit: object): Manifest => ({
  ...object("PodDisruptionBudget", "web", { selector: { matchLabels: { app: "web" } }, ...limit }),
  apiVersion: "policy/v1",
});

const said = (...manifests: readonly Manifest[]): readonly string[] =>
  objectFindings(manifests, FACTS).map((each) => `${each.id} ${findingText(each)}`);

const NO_PODS =
  "service.no-pods Service lab/front: selects app=wep, and no pod of the namespace lab has these labels; select labels that the pods have; where others make the pods, say who by the annotation labstead.dev/pods-by";
const BLOCKS = (pods: string): string =>
  `budget.drain policy/PodDisruptionBudget lab/web: lets none of the ${pods} pods of apps/Deployment lab/web be missing, so no node with one of them can be drained; demand fewer pods, or run more replicas`;

describe.each<[string, readonly Manifest[], readonly string[]]>([
  ["a Service of other labels", [deployment("web"), service("wep")], [NO_PODS]],
  [
    "a Service whose pods others make",
    [
      deployment("web"),
      {
        ...service("wep"),
        metadata: { name: "front", namespace: "lab", annotations: { "labstead.dev/pods-by": "people" } },
      },
    ],
    [],
  ],
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
  [
    "a claim of a class that is not there",
    [claim("data", "1Gi", { storageClassName: "fast" })],
    [
      NO_CLASS(
        "PersistentVolumeClaim lab/data",
        "the claim names the storage class fast, which the cluster does not have; it has block, shared; name one of these",
      ),
    ],
  ],
  ["a claim of one that is", [claim("data", "1Gi", { storageClassName: "shared" })], []],
  ["a claim of a volume made by hand", [claim("data", "1Gi", { storageClassName: "" })], []],
  [
    "a claim without a class, where none is the default",
    [claim("data", "1Gi", { storageClassName: undefined })],
    [
      NO_CLASS(
        "PersistentVolumeClaim lab/data",
        "the claim names no storage class, and the cluster has no default one; name a class, or set storage.defaultClass",
      ),
    ],
  ],
  [
    "a claim template of a StatefulSet",
    [
      object("StatefulSet", "db", {
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { storageClassName: "fast" } }],
      }),
    ],
    [
      NO_CLASS(
        "StatefulSet lab/db",
        "the claim of data names the storage class fast, which the cluster does not have; it has block, shared; name one of these",
      ),
    ],
  ],
  [
    "a block volume for many",
    [claim("data", "1Gi", { accessModes: ["ReadWriteMany"] })],
    [
      "claim.mode apps/PersistentVolumeClaim lab/data: the claim asks for ReadWriteMany, and volumes of the class block are of one node at a time; ask for ReadWriteOnce, or name a class of shared storage",
    ],
  ],
  [
    "shared storage for many",
    [claim("data", "1Gi", { accessModes: ["ReadWriteMany"], storageClassName: "shared" })],
    [],
  ],
  [
    "two replicas on one block volume",
    [claim("data", "1Gi"), using("data", 2)],
    [SHARED_BY("its 2 replicas")],
  ],
  ["one replica on it", [claim("data", "1Gi"), using("data", 1)], []],
  ["three replicas apart on two nodes", [apart(3, "kubernetes.io/hostname")], [APART("3", "2", "nodes")]],
  ["two replicas apart on two nodes", [apart(2, "kubernetes.io/hostname")], []],
  [
    "three replicas apart in two zones",
    [apart(3, "topology.kubernetes.io/zone")],
    [APART("3", "2", "zones")],
  ],
  ["replicas apart from other pods", [apart(3, "kubernetes.io/hostname", "db")], []],
  ["a load balancer without source ranges", [balancer()], [WORLD]],
  ["a load balancer for all addresses", [balancer({ loadBalancerSourceRanges: ["0.0.0.0/0"] })], [WORLD]],
  ["a load balancer for a network", [balancer({ loadBalancerSourceRanges: ["192.0.2.0/24"] })], []],
  ["a policy for every address", [egress("0.0.0.0/0")], [METADATA("0.0.0.0/0")]],
  ["a policy for the metadata service", [egress("169.254.169.254/32")], [METADATA("169.254.169.254/32")]],
  ["a policy that excepts it", [egress("0.0.0.0/0", ["169.254.169.254/32"])], []],
  ["a policy that excepts its network", [egress("0.0.0.0/0", ["169.254.0.0/16"])], []],
  ["a policy for other addresses", [egress("169.254.169.0/25")], []],
  [
    "a host that no entry of tls names",
    [ingress("web.example.org", [{ hosts: ["*.a.example.org"], secretName: "web-tls" }])],
    [UNCOVERED("web.example.org", "no entry of spec.tls names it")],
  ],
  ["a host of a wildcard", [ingress("web.example.org", [{ hosts: ["*.example.org"] }])], []],
  ["a host of the default certificate", [ingress("web.example.org", [{}])], []],
  ["a host without tls", [ingress("web.example.org", [])], []],
  [
    "a certificate for another host",
    [
      certificate("*.web.example.org"),
      ingress("web.example.org", [{ hosts: ["web.example.org"], secretName: "web-tls" }]),
    ],
    [UNCOVERED("web.example.org", "the certificate in web-tls is for *.web.example.org")],
  ],
  [
    "a certificate for the host",
    [
      certificate("web.example.org"),
      ingress("web.example.org", [{ hosts: ["web.example.org"], secretName: "web-tls" }]),
    ],
    [],
  ],
  [
    "an image of the day",
    [deployment("web", { more: { image: "registry.example.org:5000/web" } })],
    [OF_THE_DAY("registry.example.org:5000/web")],
  ],
  ["an image's latest", [deployment("web", { more: { image: "web:latest" } })], [OF_THE_DAY("web:latest")]],
  ["an image of a version", [deployment("web", { more: { image: "registry:5000/web:1" } })], []],
  ["an image by digest", [deployment("web", { more: { image: "web@sha256:0a" } })], []],
  [
    "a password in a variable",
    [variable("DB_PASSWORD", "hunter2")],
    [PLAIN("apps/Deployment lab/web", "DB_PASSWORD of its container main")],
  ],
  ["a password's file", [variable("DB_PASSWORD_FILE", "/run/secrets/db")], []],
  ["a password at a path", [variable("DB_PASSWORD", "/run/secrets/db")], []],
  ["a password of another variable", [variable("DB_PASSWORD", "$(FROM_SECRET)")], []],
  ["a monkey", [variable("MONKEY", "hunter2")], []],
  [
    "a key in a ConfigMap",
    [settings({ "tls.pem": "-----BEGIN EC PRIVATE KEY-----\nMHc" })],
    [PLAIN("ConfigMap lab/settings", "data.tls.pem")],
  ],
  [
    "a token in a ConfigMap",
    [settings({ apiToken: "abc" })],
    [PLAIN("ConfigMap lab/settings", "data.apiToken")],
  ],
  ["a certificate in a ConfigMap", [settings({ "ca.pem": "-----BEGIN CERTIFICATE-----" })], []],
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
  expect(objectFindings([huge], {})).toEqual([]);
});

test("30,000 objects of users take seconds at most", () => {
  const manifests = Array.from({ length: 10_000 }, (_, user) => {
    const labels = { app: "user", user: String(user) };
    const name = `user-${String(user)}`;
    return [deployment(name, { labels }), object("Service", name, { selector: labels }), claim(name, "1Gi")];
  }).flat();
  // Of this process, since other work on the machine does not count; in microseconds.
  const before = process.cpuUsage();
  expect(objectFindings(manifests, FACTS)).toEqual([]);
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
});

test.each([
  ...["prod", "test"].map((stack) => stackFile(ROOT, stack)),
  ...readdirSync(join(ROOT, "examples")).map((file) => join(ROOT, "examples", file)),
])("nothing is found in %s", (file) => {
  const own = lab(readEnvironment(file)).findings.filter(({ id }) => id in OBJECTS.rows);
  expect(own.map(findingText)).toEqual([]);
});
