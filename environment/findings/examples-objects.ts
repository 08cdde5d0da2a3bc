/** Examples of the findings over rendered objects, as manifests. */
import type { OBJECTS } from "./objects";
import type { FindingExample } from "./row";

type ObjectFinding = keyof (typeof OBJECTS)["rows"];

const LIMITS = "limits: { cpu: 1, memory: 1Gi }, requests: { cpu: 100m, memory: 64Mi }";

/** A Deployment of one container with a line of its own. */
function container(line: string, replicas = 1, pod = ""): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: lab }
spec:
  replicas: ${String(replicas)}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:${pod}
      containers:
        - name: web
${line
  .split("\n")
  .map((each) => `          ${each}`)
  .join("\n")}`;
}

const WEB = container(`resources: { ${LIMITS} }`);
const kindOf = (apiVersion: string, kind: string, name: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: lab }\nspec: ${spec}`;
const service = (spec: string): string => kindOf("v1", "Service", "web", spec);
const policy = (except: string): string =>
  kindOf(
    "networking.k8s.io/v1",
    "NetworkPolicy",
    "out",
    `{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0${except} } }] }] }`,
  );
const claim = (more: string): string =>
  kindOf("v1", "PersistentVolumeClaim", "data", `{ resources: { requests: { storage: 1Gi } }, ${more} }`);
const ingress = (host: string): string =>
  kindOf(
    "networking.k8s.io/v1",
    "Ingress",
    "web",
    `{ rules: [{ host: web.example.org }], tls: [{ hosts: [${host}], secretName: web-tls }] }`,
  );
const budget = (least: number): string =>
  kindOf(
    "policy/v1",
    "PodDisruptionBudget",
    "web",
    `{ minAvailable: ${String(least)}, selector: { matchLabels: { app: web } } }`,
  );
const apart = (replicas: number): string =>
  container(
    `resources: { ${LIMITS} }`,
    replicas,
    `
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }`,
  );
const zoned = (zone: string): string => `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: shared }
provisioner: example.org/disk
allowedTopologies:
  - matchLabelExpressions: [{ key: topology.kubernetes.io/zone, values: [${zone}] }]
---
${claim("storageClassName: shared, accessModes: [ReadWriteMany]")}
---
${USING}`;
const USING = container(
  `resources: { ${LIMITS} }`,
  1,
  "\n      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]",
);
/** On nodes of users, or wherever there is room. */
const onNodes = (selector: string): string =>
  `${claim("storageClassName: block, accessModes: [ReadWriteOnce]")}
---
${container(
  `resources: { ${LIMITS} }`,
  1,
  `${selector}\n      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]`,
)}`;
const both = (...documents: readonly string[]): string => documents.join("\n---\n");

/** The nodes are two workers in the zones a and b, and one for users; `block` and `shared` are the classes. */
export const OBJECT_EXAMPLES: Readonly<Record<ObjectFinding, FindingExample>> = {
  "service.no-pods": {
    found: both(service("{ selector: { app: wep } }"), WEB),
    notFound: both(service("{ selector: { app: web } }"), WEB),
  },
  "service.port": {
    found: both(
      service("{ selector: { app: web }, ports: [{ port: 80, targetPort: http }] }"),
      container(`ports: [{ name: web, containerPort: 8080 }]\nresources: { ${LIMITS} }`),
    ),
    notFound: both(
      service("{ selector: { app: web }, ports: [{ port: 80, targetPort: web }] }"),
      container(`ports: [{ name: web, containerPort: 8080 }]\nresources: { ${LIMITS} }`),
    ),
  },
  "workload.selector": {
    found: both(WEB, WEB.replace("name: web, namespace", "name: other, namespace")),
    notFound: both(WEB, WEB.replaceAll("web", "other")),
  },
  "workload.bare-pod": {
    found: kindOf("v1", "Pod", "web", `{ containers: [{ name: web, resources: { ${LIMITS} } }] }`),
    notFound: WEB,
  },
  "workload.too-large": {
    found: container("resources: { limits: { cpu: 9, memory: 1Gi }, requests: { cpu: 5, memory: 64Mi } }"),
    notFound: container("resources: { limits: { cpu: 9, memory: 1Gi }, requests: { cpu: 4, memory: 64Mi } }"),
  },
  "workload.no-limits": {
    found: container("resources: { limits: { cpu: 1 }, requests: { cpu: 100m } }"),
    notFound: WEB,
  },
  "workload.request": {
    found: container("resources: { limits: { cpu: 1, memory: 1Gi }, requests: { cpu: 1, memory: 64Mi } }"),
    notFound: WEB,
  },
  "workload.liveness": {
    found: container(
      `livenessProbe: { httpGet: { host: db.lab.svc, path: /, port: 80 } }\nresources: { ${LIMITS} }`,
    ),
    notFound: container(`livenessProbe: { httpGet: { path: /, port: 80 } }\nresources: { ${LIMITS} }`),
  },
  "namespace.quota": {
    found: both(kindOf("v1", "ResourceQuota", "quota", "{ hard: { pods: 1 } }"), WEB),
    notFound: both(kindOf("v1", "ResourceQuota", "quota", "{ hard: { pods: 2 } }"), WEB),
  },
  "workload.anti-affinity": { found: apart(3), notFound: apart(2) },
  "claim.class": {
    found: claim("storageClassName: fast, accessModes: [ReadWriteOnce]"),
    notFound: claim("storageClassName: block, accessModes: [ReadWriteOnce]"),
  },
  "claim.mode": {
    found: claim("storageClassName: block, accessModes: [ReadWriteMany]"),
    notFound: claim("storageClassName: shared, accessModes: [ReadWriteMany]"),
  },
  "claim.zone": { found: zoned("c"), notFound: zoned("a") },
  "claim.user-nodes": {
    found: onNodes(
      "\n      nodeSelector: { hub.jupyter.org/node-purpose: user }\n      tolerations: [{ key: hub.jupyter.org/dedicated, operator: Exists }]",
    ),
    notFound: onNodes(""),
  },
  "workload.image": {
    found: container(`image: registry.example.org:5000/web:latest\nresources: { ${LIMITS} }`),
    notFound: container(`image: registry.example.org:5000/web:1.2\nresources: { ${LIMITS} }`),
  },
  "object.secret": {
    found: container(`env: [{ name: DB_PASSWORD, value: example }]\nresources: { ${LIMITS} }`),
    notFound: container(
      `env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]\nresources: { ${LIMITS} }`,
    ),
  },
  "service.world": {
    found: service("{ type: LoadBalancer }"),
    notFound: service("{ type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24] }"),
  },
  "policy.metadata": { found: policy(""), notFound: policy(", except: [169.254.169.254/32]") },
  "route.certificate": { found: ingress('"*.a.example.org"'), notFound: ingress('"*.example.org"') },
  "budget.drain": {
    found: both(budget(2), WEB.replace("replicas: 1", "replicas: 2")),
    notFound: both(budget(1), WEB.replace("replicas: 1", "replicas: 2")),
  },
};
