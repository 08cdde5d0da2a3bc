/** Replicas that follow the load. */
import { App, Chart, Yaml } from "cdk8s";
import { planCharts } from "../../deploy/plan";
import {
  ReplicatedService,
  type ReplicaRange,
  type ReplicatedServiceProps,
  type UsageTarget,
} from "../../kit";
import type { Manifest } from "../apps/manifests";
import { CONTAINER, IDENTITY, objectsOf } from "./rendering";

const RANGE: ReplicaRange = { min: 1, max: 8, target: { cpuPercent: 80 } };

function propsOf(range: Partial<ReplicaRange>): ReplicatedServiceProps {
  return {
    ...IDENTITY,
    namespace: "lab",
    replicas: { ...RANGE, ...range },
    containers: [CONTAINER],
    service: { name: "web", port: 80, targetPort: 8080 },
  };
}

function objects(range: Partial<ReplicaRange>): Manifest[] {
  return objectsOf((chart) => new ReplicatedService(chart, "Web", propsOf(range)));
}

function autoscaler(range: Partial<ReplicaRange>): Manifest | undefined {
  return objects(range).find(({ kind }) => kind === "HorizontalPodAutoscaler");
}

test("an autoscaler as it stands", () => {
  expect(Yaml.stringify(autoscaler({ target: { cpuPercent: 80, memoryPercent: 120 } })))
    .toMatchInlineSnapshot(`
    "apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      labels:
        app.kubernetes.io/component: web
        app.kubernetes.io/managed-by: labstead
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: lab
        labstead.dev/environment: prod
      name: web
      namespace: lab
    spec:
      behavior:
        scaleDown:
          stabilizationWindowSeconds: 300
      maxReplicas: 8
      metrics:
        - resource:
            name: cpu
            target:
              averageUtilization: 80
              type: Utilization
          type: Resource
        - resource:
            name: memory
            target:
              averageUtilization: 120
              type: Utilization
          type: Resource
      minReplicas: 1
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
    "
  `);
  expect(autoscaler({ scaleDownSeconds: 0 })?.spec).toMatchObject({
    behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
  });
  expect(autoscaler({ target: { memoryPercent: 70 } })?.spec).toMatchObject({
    metrics: [{ resource: { name: "memory", target: { averageUtilization: 70 } } }],
  });
  // @ts-expect-error nothing would be measured
  const nothing: UsageTarget = {};
  expect(nothing).toEqual({});
});

test("the Deployment begins with the least, and the number is not the program's afterwards", () => {
  const app = new App();
  const chart = new Chart(app, "chart");
  const { need } = new ReplicatedService(chart, "Web", propsOf({ min: 2 }));
  const deployment = planCharts(app).objects.find(({ manifest }) => manifest.kind === "Deployment");
  expect(deployment?.manifest["spec"]).toMatchObject({ replicas: 2 });
  expect(deployment?.options.ignoreChanges).toEqual(["spec.replicas"]);
  expect(need.pods).toBe(9);
});

test("where there may be several pods, they are spread and drained one at a time from the first on", () => {
  const made = objects({});
  expect(made.map(({ kind }) => kind)).toEqual([
    "Deployment",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "Service",
  ]);
  expect(made[0]?.spec).toMatchObject({
    template: { spec: { topologySpreadConstraints: [{ topologyKey: "kubernetes.io/hostname" }] } },
  });
});

const NO_RANGE = "write whole numbers, 1 or more, the second above the first, or one number";

test.each<[Partial<ReplicaRange>, string]>([
  [{ min: 0 }, `web: replicas from 0 to 8 are no range; ${NO_RANGE}`],
  [{ min: 8 }, `web: replicas from 8 to 8 are no range; ${NO_RANGE}`],
  [{ max: 1.5 }, `web: replicas from 1 to 1.5 are no range; ${NO_RANGE}`],
  [{ target: { cpuPercent: 0 } }, 'web: "cpuPercent" is 0; write a whole number from 1 to 1000'],
  [{ target: { memoryPercent: 1001 } }, 'web: "memoryPercent" is 1001; write a whole number from 1 to 1000'],
  [{ scaleDownSeconds: 3601 }, 'web: "scaleDownSeconds" is 3601; write a whole number from 0 to 3600'],
])("%j is refused", (range, message) => {
  expect(() => objects(range)).toThrow(new Error(message));
});
