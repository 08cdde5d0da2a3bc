/** A Deployment of two pods that answer with their names. */
import { TOOLBOX } from "./node-images";

export const NAME = "answers";
const LABELS = { app: NAME };
const METADATA = { name: NAME, namespace: "default", labels: LABELS };

const SERVE = [
  "mkdir -p /tmp/w",
  "hostname > /tmp/w/index.html",
  "cp /tmp/w/index.html /tmp/w/healthz",
  "exec httpd -f -p 8080 -h /tmp/w",
];
const WEB = {
  name: "web",
  image: TOOLBOX,
  imagePullPolicy: "Never",
  command: ["sh", "-c", SERVE.join(" && ")],
};

const SPREAD = [
  {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: LABELS },
  },
];

function deployment(pod: object): object {
  const template = { metadata: { labels: LABELS }, spec: { topologySpreadConstraints: SPREAD, ...pod } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: METADATA,
    spec: { replicas: 2, selector: { matchLabels: LABELS }, template },
  };
}

/** Pods that end at once. */
export function twoReplicas(): string {
  return JSON.stringify(deployment({ containers: [WEB], terminationGracePeriodSeconds: 1 }));
}

/** Seconds that a pod goes on answering after it was asked to end, until nobody asks it any more. */
const LEAVING = 8;

/** Behind a NodePort, with what keeps a service whole while nodes are emptied: readiness, a budget, time to leave. */
export function servedReplicas(nodePort: number): string {
  const port = 8080;
  const container = {
    ...WEB,
    readinessProbe: { httpGet: { path: "/healthz", port }, periodSeconds: 2 },
    lifecycle: { preStop: { exec: { command: ["sleep", String(LEAVING)] } } },
  };
  const pod = { containers: [container], terminationGracePeriodSeconds: LEAVING + 1 };
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: METADATA,
    spec: { minAvailable: 1, selector: { matchLabels: LABELS } },
  };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: METADATA,
    spec: { type: "NodePort", selector: LABELS, ports: [{ port: 80, targetPort: port, nodePort }] },
  };
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: [deployment(pod), budget, service] });
}
