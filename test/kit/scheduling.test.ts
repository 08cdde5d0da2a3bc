/** Where pods may and should run. */
import { Yaml } from "cdk8s";
import {
  Controller,
  NODE_POOL_LABEL,
  ON_CONTROL_PLANES,
  onPools,
  PriorityClass,
  selectorOf,
  type ControllerProps,
  type Toleration,
} from "../../kit";
import { planned, podOf, workloads, type Manifest } from "../apps/manifests";
import { CONTAINER, IDENTITY, objectsOf } from "./rendering";

function controller(props: Partial<ControllerProps>): Manifest[] {
  const all: ControllerProps = {
    ...IDENTITY,
    namespace: "lab",
    containers: [CONTAINER],
    replicas: 1,
    ...props,
  };
  return objectsOf((chart) => new Controller(chart, "Web", all));
}

function podSpec(props: Partial<ControllerProps>): unknown {
  const [workload] = workloads(controller(props));
  return workload && podOf(workload).spec;
}

test("where pods may run", () => {
  const made = podSpec({
    nodeSelector: { "kubernetes.io/os": "linux" },
    priorityClass: "system-cluster-critical",
    runtimeClass: "nvidia",
    tolerations: [
      ON_CONTROL_PLANES,
      { kind: "taint", key: "gpu", value: "a100", effect: "PreferNoSchedule" },
      { kind: "taint", key: "node.kubernetes.io/unreachable", effect: "NoExecute", seconds: 30 },
      { kind: "all" },
    ],
  });
  expect(made).toMatchObject({
    nodeSelector: { "kubernetes.io/os": "linux" },
    priorityClassName: "system-cluster-critical",
    runtimeClassName: "nvidia",
    tolerations: [
      { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
      { key: "gpu", operator: "Equal", value: "a100", effect: "PreferNoSchedule" },
      {
        key: "node.kubernetes.io/unreachable",
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 30,
      },
      { operator: "Exists" },
    ],
  });
  // @ts-expect-error only a pod that runs can be sent away
  const never: Toleration = { kind: "taint", key: "a", effect: "NoSchedule", seconds: 1 };
  expect(never.kind).toBe("taint");
});

test("affinity to nodes by their labels and to pods by theirs", () => {
  const made = podSpec({
    nodeAffinity: {
      required: [onPools("gpu", "large"), { kind: "absent", key: "example.org/retired" }],
      preferred: [
        { rules: [{ kind: "exists", key: "example.org/ssd" }], weight: 30 },
        { rules: [{ kind: "notIn", key: "topology.kubernetes.io/zone", values: ["far"] }] },
      ],
    },
    podAffinity: [
      { kind: "preferred", labels: selectorOf({ name: "cache" }), within: "zone", namespaces: ["caches"] },
    ],
    podAntiAffinity: [
      { kind: "required", labels: selectorOf({ name: "database" }), within: "node" },
      { kind: "preferred", labels: { tier: "batch" }, within: "node", weight: 1 },
    ],
  });
  expect(Yaml.stringify((made as { affinity: unknown }).affinity)).toMatchInlineSnapshot(`
    "nodeAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - preference:
            matchExpressions:
              - key: example.org/ssd
                operator: Exists
          weight: 30
        - preference:
            matchExpressions:
              - key: topology.kubernetes.io/zone
                operator: NotIn
                values:
                  - far
          weight: 100
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
          - matchExpressions:
              - key: node-restriction.kubernetes.io/pool
                operator: In
                values:
                  - gpu
                  - large
              - key: example.org/retired
                operator: DoesNotExist
    podAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - podAffinityTerm:
            labelSelector:
              matchLabels:
                app.kubernetes.io/name: cache
            namespaces:
              - caches
            topologyKey: topology.kubernetes.io/zone
          weight: 100
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - podAffinityTerm:
            labelSelector:
              matchLabels:
                tier: batch
            topologyKey: kubernetes.io/hostname
          weight: 1
      requiredDuringSchedulingIgnoredDuringExecution:
        - labelSelector:
            matchLabels:
              app.kubernetes.io/name: database
          topologyKey: kubernetes.io/hostname
    "
  `);
});

test("without a rule there is no affinity", () => {
  expect(podSpec({})).not.toHaveProperty("affinity");
});

test.each([0, 1.5, 101])("the weight %d is refused", (weight) => {
  const message = `web: "weight" is ${weight}; write a whole number from 1 to 100`;
  const preferred = [{ rules: [onPools("gpu")], weight }] as const;
  expect(() => podSpec({ nodeAffinity: { preferred } })).toThrow(new Error(message));
  const near = { kind: "preferred", labels: {}, within: "node", weight } as const;
  expect(() => podSpec({ podAffinity: [near] })).toThrow(new Error(message));
});

test("the label of pools is the one that workers get", () => {
  const workers = planned("prod").plan.servers.filter(({ role }) => role === "workers");
  expect(workers).not.toHaveLength(0);
  for (const { labels } of workers) expect(labels).toHaveProperty([NODE_POOL_LABEL]);
});

test("replicas are spread over nodes, and over zones where that is asked", () => {
  const spread = (props: Partial<ControllerProps>): unknown =>
    (podSpec(props) as { topologySpreadConstraints?: unknown }).topologySpreadConstraints;
  const nodes = { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" };
  const zones = { ...nodes, topologyKey: "topology.kubernetes.io/zone" };
  expect(spread({ replicas: 2 })).toMatchObject([nodes]);
  expect(spread({ replicas: 2, zoneSpread: "required" })).toMatchObject([nodes, zones]);
  expect(spread({ replicas: 2, zoneSpread: "preferred" })).toMatchObject([
    nodes,
    { ...zones, whenUnsatisfiable: "ScheduleAnyway" },
  ]);
  expect(spread({ replicas: 1, zoneSpread: "required" })).toBeUndefined();
});

describe("a priority class", () => {
  const made = (name: string, value: number, preempts?: boolean): Manifest[] =>
    objectsOf((chart) => {
      const description = "User pods, which services come before.";
      const choice = preempts === undefined ? {} : { preempts };
      new PriorityClass(chart, "Class", { ...IDENTITY, name, value, description, ...choice });
    });

  test("as it stands", () => {
    expect(Yaml.stringify(...made("users", -10))).toMatchInlineSnapshot(`
      "apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata:
        labels:
          app.kubernetes.io/component: web
          app.kubernetes.io/managed-by: labstead
          app.kubernetes.io/name: users
          app.kubernetes.io/part-of: lab
          labstead.dev/environment: prod
        name: users
      description: User pods, which services come before.
      preemptionPolicy: PreemptLowerPriority
      value: -10
      "
    `);
    expect(made("users", 10, false)[0]).toMatchObject({ value: 10, preemptionPolicy: "Never" });
  });

  test.each<[string, number, string]>([
    [
      "system-users",
      1,
      "system-users: names that start with system- are reserved by Kubernetes; choose another name",
    ],
    [
      "users",
      1_000_000_001,
      'users: "value" is 1000000001; write a whole number from -1000000000 to 1000000000',
    ],
    ["users", 0.5, 'users: "value" is 0.5; write a whole number from -1000000000 to 1000000000'],
  ])("%s of %d is refused", (name, value, message) => {
    expect(() => made(name, value)).toThrow(new Error(message));
  });
});
