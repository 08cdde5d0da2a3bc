/** The NFS server inside the cluster: one pod with one block volume, and a class. */
import { App } from "cdk8s";
import { planCharts } from "../../../deploy/plan";
import type { Planned } from "../../../environment/environments";
import { KUBERNETES_VERSIONS } from "../../../environment/schema/cluster";
import {
  SharedStorageChart,
  type SharedStorageChartProps,
} from "../../../platform/cluster/shared-storage/chart";
import {
  containersOf,
  ofKind,
  podOf,
  renderChart,
  volumesOf,
  workloadOf,
  workloads,
  type Labels,
  type Manifest,
} from "../../apps/manifests";
import { outline } from "../../apps/outline";
import { changed, configOf, ownerBase, plannedOf, type Changes } from "../../environment/configs";

function plan(shared: object = {}, changes: Changes = {}): Planned {
  const storage = { "storage.shared": { kind: "nfs-provisioner", ...shared } };
  return plannedOf(
    configOf("lab", changed(ownerBase(), { ...storage, "servers.gluster": undefined, ...changes })),
  );
}

function propsOf({ parts }: Planned): SharedStorageChartProps | undefined {
  return parts["shared-storage"] as SharedStorageChartProps | undefined;
}

function chart(of: Planned): SharedStorageChart {
  const props = propsOf(of);
  if (props === undefined) throw new Error("the plan has no shared storage");
  return new SharedStorageChart(new App(), "shared-storage", props);
}
const render = (of: Planned): readonly Manifest[] => renderChart(chart(of)).manifests;

/** Fields of the kinds that are looked into. */
interface Fields {
  readonly provisioner?: string;
  readonly rules?: readonly { readonly resources: string[]; readonly verbs: string[] }[];
  readonly spec: {
    readonly selector: Labels;
    readonly ports: readonly {
      readonly protocol: string;
      readonly port: number;
      readonly targetPort: number;
    }[];
    readonly ingress: unknown;
    readonly egress: unknown;
  };
}

function only(manifests: readonly Manifest[], kind: string): Manifest & Fields {
  const [found, ...more] = ofKind(manifests, kind);
  if (found === undefined || more.length > 0) throw new Error(`not one ${kind}`);
  return found as Manifest & Fields;
}

const manifests = render(plan());
const [server] = workloads(manifests);
if (server === undefined) throw new Error("no server");
const [container] = containersOf(server);
if (container === undefined) throw new Error("no container");

test("as it stands", () => {
  expect(outline(manifests)).toMatchSnapshot();
});

test("the class has the name and the policy that are written, and apps learn the name", () => {
  expect(plan().plan.cluster.sharedClass).toBe("nfs");
  const of = plan({ className: "nfss1", reclaimPolicy: "Retain" });
  expect(of.plan.cluster.sharedClass).toBe("nfss1");
  expect(only(render(of), "StorageClass")).toMatchObject({
    metadata: { name: "nfss1" },
    reclaimPolicy: "Retain",
    mountOptions: ["nfsvers=4.1", "hard", "noresvport", "noatime"],
    allowVolumeExpansion: false,
  });
});

test("the class is served by the program that the pod runs, and passes it nothing that it does not know", () => {
  const storage = only(manifests, "StorageClass");
  expect(container.args).toContain(`-provisioner=${String(storage.provisioner)}`);
  expect(storage).not.toHaveProperty("parameters");
});

test("one volume of the block class has everything, grows with its size, and no change of the program deletes it", () => {
  const of = plan({ size: "2Ti" }, { "storage.block": { className: "bds1" } });
  expect(only(render(of), "PersistentVolumeClaim")).toMatchObject({
    metadata: { name: "nfs-export", namespace: "nfs-provisioner" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "bds1",
      resources: { requests: { storage: "2Ti" } },
    },
  });
  const kept = planCharts([chart(of)]).objects.filter(({ options }) => options.protect);
  expect(kept.map(({ identity }) => identity)).toEqual(["PersistentVolumeClaim nfs-provisioner/nfs-export"]);
  expect(workloadOf(server)).not.toHaveProperty("volumeClaimTemplates");
  expect(volumesOf(server)).toEqual([{ name: "export", persistentVolumeClaim: { claimName: "nfs-export" } }]);
  expect(container.volumeMounts).toEqual([{ name: "export", mountPath: "/export" }]);
});

test("one pod, on which no budget holds up a drain", () => {
  expect(server.kind).toBe("StatefulSet");
  expect(workloadOf(server).replicas).toBe(1);
  expect(ofKind(manifests, "PodDisruptionBudget")).toEqual([]);
});

test.each([
  ["10.96.0.0/12", "10.96.0.11"],
  ["172.20.4.0/24", "172.20.4.11"],
])("in the Service network %s its address is %s, which volumes carry for good", (serviceCidr, clusterIP) => {
  const of = plan({}, { "cluster.serviceCidr": serviceCidr });
  expect(only(render(of), "Service")).toMatchObject({ spec: { clusterIP } });
});

test("its Service has exactly the ports without which the program makes no volume", () => {
  const { metadata, spec } = only(manifests, "Service");
  const numbers = [2049, 32803, 20048, 875, 111, 662];
  const wanted = numbers.flatMap((port) => [`TCP ${port} ${port}`, `UDP ${port} ${port}`]);
  expect(spec.ports.map((each) => `${each.protocol} ${each.port} ${each.targetPort}`).sort()).toEqual(
    wanted.sort(),
  );
  const env = Object.fromEntries((container.env ?? []).map((each) => [each.name, each]));
  expect(env).toMatchObject({
    SERVICE_NAME: { value: metadata.name },
    POD_NAMESPACE: { valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    POD_IP: { valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  });
  expect(podOf(server).metadata.labels).toMatchObject(spec.selector);
});

describe("the policy", () => {
  const policy = (changes: Changes) => {
    const of = plan({}, changes);
    return only(render(of), "NetworkPolicy").spec;
  };
  const block = (cidr: string) => ({ ipBlock: { cidr } });
  const nfs = [{ protocol: "TCP", port: 2049 }];

  test.each([
    [{ kind: "calico", encapsulation: "none" }, ["10.0.0.0/24"]],
    [{ kind: "kube-router" }, ["10.0.0.0/24"]],
    [{ kind: "calico", encapsulation: "vxlan" }, ["10.0.0.0/24", "10.244.0.0/16"]],
  ])("with %j lets %j mount", (cni, from) => {
    expect(policy({ "cluster.cni": cni }).ingress).toEqual([{ from: from.map(block), ports: nfs }]);
  });

  test("lets it ask the API, and nobody else", () => {
    expect(policy({}).egress).toEqual([
      { to: [block("10.96.0.0/12")], ports: [{ protocol: "TCP", port: 443 }] },
      { to: [block("10.0.0.0/24")], ports: [{ protocol: "TCP", port: 6443 }] },
    ]);
  });
});

test("it lives in a namespace of its own, which admits it", () => {
  expect(only(manifests, "Namespace").metadata).toMatchObject({
    name: "nfs-provisioner",
    labels: { "pod-security.kubernetes.io/enforce": "privileged" },
  });
  const namespaced = manifests.filter(({ metadata }) => metadata.namespace !== undefined);
  expect(new Set(namespaced.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["nfs-provisioner"]));
});

test("it may nothing in the API beside volumes, and reads no Secret", () => {
  const rules = ["ClusterRole", "Role"].flatMap((kind) => only(manifests, kind).rules ?? []);
  const written = rules.filter(({ verbs }) =>
    verbs.some((verb) => /create|update|patch|delete|\*/.test(verb)),
  );
  expect(written.flatMap(({ resources }) => resources)).toEqual(["persistentvolumes", "events"]);
  expect(rules.flatMap(({ resources }) => resources)).not.toContain("secrets");
});

test("the container: one fixed image, room, no more privileges than files of all users take, and a reason for them", () => {
  expect(container.image).toMatch(/^registry\.k8s\.io\/sig-storage\/nfs-provisioner:v\d+\.\d+\.\d+$/);
  expect(Object.keys(container.resources.limits)).toEqual(["cpu", "memory"]);
  const { capabilities, ...context } = container.securityContext as typeof container.securityContext & {
    readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  };
  expect(context).toMatchObject({ privileged: false, allowPrivilegeEscalation: false });
  expect(capabilities.drop).toEqual(["ALL"]);
  for (const name of ["SYS_ADMIN", "NET_ADMIN", "NET_RAW", "SYS_PTRACE", "MKNOD"])
    expect(capabilities.add).not.toContain(name);
  const { annotations = {} } = podOf(server).metadata;
  const reason = annotations[`labstead.dev/security-exception.${container.name}`];
  expect(reason).toMatch(/^rootUser, writableRootFilesystem, DAC_READ_SEARCH, SYS_RESOURCE: .{15}/);
  expect(podOf(server).spec).toMatchObject({
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
  });
});

test("it is probed by a call that Ganesha itself answers", () => {
  for (const probe of [container.readinessProbe, container.livenessProbe])
    expect(probe).toMatchObject({ exec: { command: expect.arrayContaining(["100003", "4"]) as string[] } });
});

test.each(KUBERNETES_VERSIONS.filter((version) => version !== "1.25"))(
  "it is there with Kubernetes %s",
  (version) => {
    const kinds = render(plan({}, { "cluster.version": version })).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(manifests.map(({ kind }) => kind).toSorted());
  },
);
