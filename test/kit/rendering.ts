/** What the tests of the kit render. */
import { Testing, type Chart } from "cdk8s";
import { image, NOBODY, SERVICE_RESOURCES, type ContainerSpec } from "../../kit";
import type { Manifest } from "../apps/manifests";

export const IDENTITY = { name: "web", partOf: "lab", component: "web", environment: "prod" } as const;

export const LABELS = {
  "app.kubernetes.io/component": "web",
  "app.kubernetes.io/managed-by": "labstead",
  "app.kubernetes.io/name": "web",
  "app.kubernetes.io/part-of": "lab",
  "labstead.dev/environment": "prod",
};

const PROBE = { kind: "tcp", port: 8080 } as const;
export const CONTAINER: ContainerSpec = {
  name: "web",
  image: image("example/web", "1.0.0"),
  ports: { http: 8080 },
  resources: SERVICE_RESOURCES,
  user: NOBODY,
  probes: { kind: "both", readiness: PROBE, liveness: PROBE },
};

/** Every object that is built, as it is written. */
export function objectsOf(build: (chart: Chart) => unknown): Manifest[] {
  const chart = Testing.chart();
  build(chart);
  return chart.toJson() as Manifest[];
}
