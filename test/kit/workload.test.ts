/** The kinds of workload: what each is rendered as, and what none may combine. */
import fc from "fast-check";
import { PersistentVolumeClaim } from "cdk8s-plus-27";
import {
  Controller,
  NodeAgent,
  SingleStore,
  type ContainerSpec,
  type ControllerProps,
  type NodeAgentProps,
  type PodSpec,
  type Update,
} from "../../kit";
import { needOf, podResources, type Resources } from "../../kit/resources";
import { podOf, type Manifest } from "../apps/manifests";
import { CONTAINER, IDENTITY, LABELS, objectsOf } from "./rendering";

const POD: PodSpec = { ...IDENTITY, namespace: "lab", containers: [CONTAINER] };
const ON_HOST: ContainerSpec = {
  ...CONTAINER,
  security: { reason: "mounts for other pods", allow: ["privileged", "rootUser", "writableRootFilesystem"] },
  user: "image",
};

const SHARING: ContainerSpec = {
  ...CONTAINER,
  security: { reason: "stops another container", allow: ["shareProcessNamespace"] },
};

function controller(props: Partial<ControllerProps>): Manifest[] {
  return objectsOf((chart) => new Controller(chart, "Web", { ...POD, replicas: 1, ...props }));
}

function agent(props: Partial<NodeAgentProps>): Manifest {
  const [made] = objectsOf((chart) => new NodeAgent(chart, "Web", { ...POD, ...props }));
  if (made === undefined) throw new Error("no agent");
  return made;
}

const specOf = (manifest: Manifest | undefined) => manifest && (podOf(manifest).spec as unknown);

test("an agent is one lean pod on each node: only what somebody chose is written", () => {
  const probe = {
    tcpSocket: { port: 8080 },
    initialDelaySeconds: 5,
    periodSeconds: 10,
    timeoutSeconds: 3,
    failureThreshold: 3,
  };
  expect(agent({})).toEqual({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "web", namespace: "lab", labels: LABELS },
    spec: {
      revisionHistoryLimit: 3,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: { "app.kubernetes.io/name": "web" } },
      template: {
        metadata: { labels: LABELS },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "web",
              image: "example/web:1.0.0",
              imagePullPolicy: "IfNotPresent",
              ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
              resources: {
                requests: { cpu: "50m", memory: "128Mi" },
                limits: { cpu: "500m", memory: "512Mi" },
              },
              securityContext: {
                runAsUser: 65534,
                runAsGroup: 65534,
                runAsNonRoot: true,
                privileged: false,
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              readinessProbe: probe,
              livenessProbe: probe,
            },
          ],
        },
      },
    },
  });
});

test("an agent has no number of replicas, and an initial container neither port nor probe", () => {
  // @ts-expect-error as many as there are nodes
  const replicas: NodeAgentProps = { ...POD, replicas: 2 };
  // @ts-expect-error nobody dials it, and nobody asks how it is
  const initial: PodSpec = { ...POD, initContainers: [CONTAINER] };
  expect([replicas, initial]).toHaveLength(2);
});

test.each<[Update, object, number]>([
  ["surge", { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, 3],
  ["inPlace", { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }, 2],
  ["recreate", { type: "Recreate" }, 2],
])("the update %s", (update, strategy, pods) => {
  let need = 0;
  const [made, budget] = objectsOf((chart) => {
    need = new Controller(chart, "Web", { ...POD, replicas: 2, update }).need.pods;
  });
  expect(made?.spec).toMatchObject({ strategy, replicas: 2 });
  expect(need).toBe(pods);
  expect(budget?.kind).toBe("PodDisruptionBudget");
});

test("a Deployment on demand has no pod, no autoscaler and no budget until somebody starts it", () => {
  const made = controller({ replicas: "onDemand", update: "recreate" });
  expect(made.map(({ kind }) => kind)).toEqual(["Deployment"]);
  expect(made[0]?.spec).toMatchObject({ replicas: 0, strategy: { type: "Recreate" } });
});

test("groups that an image gives its users are refused where that is written", () => {
  const groupsOf = (groups?: "image" | "strict"): unknown =>
    specOf(controller(groups === undefined ? {} : { groups })[0]);
  const strict = { securityContext: { supplementalGroupsPolicy: "Strict" } };
  expect(groupsOf("strict")).toMatchObject(strict);
  expect(groupsOf("image")).not.toMatchObject(strict);
  expect(groupsOf()).toEqual(groupsOf("image"));
});

test("sidecars start before initial containers, and are restarted", () => {
  const { image, resources, user } = CONTAINER;
  const reason = "it has no port";
  const [made] = controller({
    sidecars: [{ ...CONTAINER, name: "proxy", probes: { kind: "none", reason } }],
    initContainers: [{ name: "migrate", image, resources, user }],
  });
  expect(specOf(made)).toMatchObject({
    initContainers: [{ name: "proxy", restartPolicy: "Always" }, { name: "migrate" }],
    containers: [{ name: "web" }],
  });
  expect(JSON.stringify(specOf(made)).match(/restartPolicy/g)).toHaveLength(1);
  expect(made && podOf(made).metadata.annotations).toEqual({ "labstead.dev/probes-exception.proxy": reason });
});

test("a pod takes what runs at once, whichever moment that is", () => {
  const amount = fc.record({ cpuMillis: fc.nat(500), memoryMiB: fc.nat(500) });
  const list = fc.array(fc.record({ request: amount, limit: amount }), { maxLength: 3 });
  fc.assert(
    fc.property(list, list, list, (containers, sidecars, initContainers) => {
      const whole = podResources({ containers, sidecars, initContainers });
      const moments: (readonly Resources[])[] = [containers, ...initContainers.map((each) => [each])];
      const sums = moments.map((running) => needOf(1, [...running, ...sidecars]).limit.memoryMiB);
      for (const sum of sums) expect(whole.limit.memoryMiB).toBeGreaterThanOrEqual(sum);
      expect(sums).toContain(whole.limit.memoryMiB);
    }),
  );
});

test("hooks and a startup probe", () => {
  const probe = { kind: "http", path: "/", port: 8080 } as const;
  const [made] = controller({
    containers: [
      {
        ...CONTAINER,
        lifecycle: {
          postStart: { kind: "http", path: "/warm", port: 8080 },
          preStop: { kind: "command", command: ["/wait"] },
        },
        probes: {
          kind: "both",
          readiness: probe,
          liveness: { ...probe, host: "localhost" },
          startup: { ...probe, failures: 30 },
        },
      },
    ],
  });
  expect(specOf(made)).toMatchObject({
    containers: [
      {
        lifecycle: {
          postStart: { httpGet: { path: "/warm", port: 8080 } },
          preStop: { exec: { command: ["/wait"] } },
        },
        livenessProbe: { httpGet: { path: "/", port: 8080, host: "localhost" } },
        startupProbe: { httpGet: { path: "/", port: 8080 }, failureThreshold: 30, periodSeconds: 10 },
      },
    ],
  });
});

test("in the host's network a pod finds the cluster's Services, and its ports are the host's", () => {
  const made = agent({ hostNetwork: true, containers: [ON_HOST] });
  expect(specOf(made)).toMatchObject({
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
    containers: [
      {
        ports: [{ name: "http", containerPort: 8080, hostPort: 8080, protocol: "TCP" }],
        securityContext: { privileged: true },
      },
    ],
  });
});

test("what a pod shares with its node, and its containers with each other", () => {
  const onHost = agent({ hostPid: true, dns: "node", hostNetwork: true, containers: [ON_HOST] });
  expect(specOf(onHost)).toMatchObject({ hostPID: true, hostNetwork: true, dnsPolicy: "Default" });
  const [sharing] = controller({ shareProcessNamespace: true, containers: [SHARING] });
  expect(specOf(sharing)).toMatchObject({ shareProcessNamespace: true });
  expect(specOf(agent({}))).not.toHaveProperty("dnsPolicy");
});

describe("volumes of the pod", () => {
  const mounts = (...volumes: string[]): ContainerSpec["mounts"] =>
    volumes.map((volume) => ({ kind: "volume", volume, path: `/${volume}` }));

  test("stand in the order in which they are declared, before those that containers bring along", () => {
    const made = objectsOf((chart) => {
      const claim = PersistentVolumeClaim.fromClaimName(chart, "Claim", "web-data");
      new NodeAgent(chart, "Web", {
        ...POD,
        containers: [
          {
            ...ON_HOST,
            mounts: [
              { kind: "serviceAccount" },
              ...(mounts("data", "socket") ?? []),
              { kind: "volume", volume: "pods", path: "/pods", propagation: "Bidirectional", readOnly: true },
            ],
          },
        ],
        volumes: {
          socket: { kind: "scratch" },
          pods: { kind: "host", path: "/var/lib/kubelet/pods", type: "Directory" },
          data: { kind: "claim", claim },
        },
      });
    })[0];
    expect(specOf(made)).toMatchObject({
      volumes: [
        { name: "socket", emptyDir: {} },
        { name: "pods", hostPath: { path: "/var/lib/kubelet/pods", type: "Directory" } },
        { name: "data", persistentVolumeClaim: { claimName: "web-data" } },
        { name: "service-account", projected: { defaultMode: 0o400 } },
      ],
      containers: [
        {
          volumeMounts: [
            { mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
            { name: "data", mountPath: "/data" },
            { name: "socket", mountPath: "/socket" },
            { name: "pods", mountPath: "/pods", mountPropagation: "Bidirectional", readOnly: true },
          ],
        },
      ],
    });
  });

  test("the account's token is readable by root alone where only root mounts it", () => {
    const modeFor = (...containers: ContainerSpec[]): unknown =>
      specOf(
        agent({ containers: containers.map((each) => ({ ...each, mounts: [{ kind: "serviceAccount" }] })) }),
      );
    const with_ = (defaultMode: number) => ({ volumes: [{ projected: { defaultMode } }] });
    const other = { ...CONTAINER, name: "other" };
    expect(modeFor(ON_HOST)).toMatchObject(with_(0o400));
    expect(modeFor(ON_HOST, other)).toMatchObject(with_(0o444));
    expect(modeFor(other, ON_HOST)).toMatchObject(with_(0o444));
  });

  test.each<[string, Partial<PodSpec>, string]>([
    [
      "one that is not declared",
      { containers: [{ ...CONTAINER, mounts: mounts("socket") ?? [] }], volumes: {} },
      'web: web mounts the volume "socket", which the pod does not declare; it declares none',
    ],
    [
      "one that nobody mounts",
      { volumes: { socket: { kind: "scratch" } } },
      'web: no container mounts the volume "socket"',
    ],
    [
      "a path that climbs",
      {
        containers: [{ ...ON_HOST, mounts: mounts("etc") ?? [] }],
        volumes: { etc: { kind: "host", path: "/var/../etc", type: "Directory" } },
      },
      'web: the volume "etc" is "/var/../etc" of the host; write a path from its root, without ..',
    ],
    [
      "a folder of the host without an exception",
      {
        containers: [{ ...CONTAINER, mounts: mounts("log") ?? [] }],
        volumes: { log: { kind: "host", path: "/var/log", type: "Directory" } },
      },
      'web: mounts /var/log of the host, which no exception allows; allow "hostPath" with the reason at the container that needs it',
    ],
    [
      "mounts that others should see, of a container that is not privileged",
      {
        containers: [
          {
            ...CONTAINER,
            mounts: [{ kind: "volume", volume: "pods", path: "/pods", propagation: "Bidirectional" }],
          },
        ],
        volumes: { pods: { kind: "scratch" } },
      },
      'web: web mounts "pods" with propagation Bidirectional, which privileged containers alone may; write HostToContainer, or allow "privileged" with the reason',
    ],
    [
      "the host's network without an exception",
      { hostNetwork: true },
      'web: is in the host\'s network, which no exception allows; allow "hostNetwork" with the reason at the container that needs it',
    ],
    [
      "the host's processes without an exception",
      { hostPid: true },
      'web: sees the host\'s processes, which no exception allows; allow "hostPid" with the reason at the container that needs it',
    ],
    [
      "one process namespace by a container that is only privileged",
      { shareProcessNamespace: true, containers: [ON_HOST] },
      'web: shares one process namespace among its containers, which no exception allows; allow "shareProcessNamespace" with the reason at the container that needs it',
    ],
    [
      "one process namespace beside the host's",
      { shareProcessNamespace: true, hostPid: true, containers: [SHARING, { ...ON_HOST, name: "agent" }] },
      'web: has "hostPid" and "shareProcessNamespace"; leave out the second, the host\'s processes include the pod\'s',
    ],
    [
      "low ports in the host's network",
      { hostNetwork: true, lowPorts: true, containers: [ON_HOST] },
      "web: \"lowPorts\" is of a network of the pod's own; leave it out in the host's",
    ],
    [
      "two containers of one name",
      { containers: [CONTAINER, CONTAINER] },
      'web: has two containers named "web"; name each once',
    ],
  ])("%s is refused", (_, props, message) => {
    expect(() => agent(props)).toThrow(new Error(message));
  });
});

test("a lean store has the whole of what it says, and no label of the library's", () => {
  const [service, set] = objectsOf((chart) => {
    new SingleStore(chart, "Web", {
      ...POD,
      spelling: "lean",
      token: "everyContainer",
      service: { name: "web", port: 80, targetPort: 8080 },
    });
  });
  expect(service?.spec).toEqual({
    type: "ClusterIP",
    selector: { "app.kubernetes.io/name": "web" },
    ports: [{ name: "main", port: 80, targetPort: 8080 }],
  });
  expect(set?.spec).toMatchObject({
    replicas: 1,
    revisionHistoryLimit: 3,
    serviceName: "web",
    updateStrategy: { type: "RollingUpdate" },
    template: { metadata: { labels: LABELS }, spec: { automountServiceAccountToken: true } },
  });
});
