/** The class of shared storage in both modes, and the driver behind it. */
import { App } from "cdk8s";
import type { Planned } from "../../../environment/environments";
import {
  SharedStorageChart,
  type SharedStorageChartProps,
} from "../../../platform/cluster/shared-storage/chart";
import {
  changed,
  configOf,
  ownerBase,
  plannedOf,
  WITH_HEKETI,
  type Changes,
} from "../../environment/configs";
import {
  containersOf,
  ofKind,
  planned,
  podOf,
  render,
  renderChart,
  volumesOf,
  workloadOf,
  workloads,
  type Manifest,
} from "../../apps/manifests";
import { outline } from "../../apps/outline";

function plan(changes: Changes = {}): Planned {
  return plannedOf(configOf("lab", changed(ownerBase(), changes)));
}
function propsOf({ parts }: Planned): SharedStorageChartProps | undefined {
  return parts["shared-storage"] as SharedStorageChartProps | undefined;
}
function chart(of: Planned): readonly Manifest[] {
  const props = propsOf(of);
  if (props === undefined) throw new Error("the plan has no shared storage");
  return renderChart(new SharedStorageChart(new App(), "shared-storage", props)).manifests;
}
const classOf = (manifests: readonly Manifest[]) =>
  ofKind(manifests, "StorageClass")[0] as (Manifest & { parameters: Record<string, string> }) | undefined;

const nfs = chart(plan());
const heketi = chart(plan(WITH_HEKETI));

test("as it stands in each mode", () => {
  expect(outline(nfs)).toMatchSnapshot("nfs");
  expect(outline(heketi)).toMatchSnapshot("heketi-intree");
});

test("NFS volumes are folders of their namespaces at the servers' common address", () => {
  expect(classOf(nfs)).toMatchObject({
    metadata: { name: "glusterfs-storage" },
    provisioner: "nfs.csi.k8s.io",
    parameters: {
      server: "10.0.0.6",
      share: "/shared",
      subDir: "${pvc.metadata.namespace}/${pvc.metadata.name}-${pv.metadata.name}",
    },
    allowVolumeExpansion: false,
    reclaimPolicy: "Delete",
  });
  expect(plan().plan.vips.find(({ key }) => key === "storage")).toMatchObject({
    address: { kind: "planned", ip: "10.0.0.6" },
    holder: "keepalived",
    floatingIp: false,
    securityGroups: ["gluster"],
  });
});

test("Heketi is asked by an address, as its administrator, by a key that only its Secret has", () => {
  const made = classOf(heketi);
  expect(made?.parameters).toEqual({
    resturl: "http://10.0.0.34:8080",
    restuser: "admin",
    restauthenabled: "true",
    secretName: "heketi-secret",
    secretNamespace: "kube-system",
    volumetype: "replicate:3",
  });
  expect(ofKind(heketi, "Secret")).toMatchObject([
    {
      metadata: { name: made?.parameters["secretName"], namespace: made?.parameters["secretNamespace"] },
      type: "kubernetes.io/glusterfs",
      stringData: { key: "((labstead:secret:heketi.admin-key))" },
    },
  ]);
  const others = heketi.filter(({ kind }) => kind !== "Secret");
  expect(JSON.stringify(others)).not.toContain("labstead:secret:");
});

test("the class has the name and the policy that are written, and apps learn the name", () => {
  const of = plan({ "storage.shared.className": "nfss1", "storage.shared.reclaimPolicy": "Retain" });
  expect(classOf(chart(of))).toMatchObject({ metadata: { name: "nfss1" }, reclaimPolicy: "Retain" });
  expect(of.plan.cluster.sharedClass).toBe("nfss1");
  expect(planned("test").plan.cluster.sharedClass).toBe("glusterfs-storage");
});

test("without storage servers of its own an environment has neither class nor driver", () => {
  const without = plan({ "storage.shared": { kind: "none" } });
  expect(propsOf(without)).toBeUndefined();
  expect(without.plan.cluster).not.toHaveProperty("sharedClass");
  expect(propsOf(planned("test"))).toBeUndefined();
  expect(propsOf(planned("prod"))).toBeDefined();
});

describe("the driver", () => {
  const pods = workloads(nfs);
  const byName = (name: string): Manifest => {
    const found = pods.find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const all = pods.flatMap((workload) =>
    containersOf(workload).map(
      (container) => [`${workload.metadata.name} ${container.name}`, container] as const,
    ),
  );

  test("is one controller, and a pod on every node", () => {
    expect(pods.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ["Deployment", "csi-nfs-controller"],
      ["DaemonSet", "csi-nfs-node"],
    ]);
    const spec = podOf(byName("csi-nfs-node")).spec as unknown;
    expect(spec).toMatchObject({ hostNetwork: true, tolerations: [{ operator: "Exists" }] });
  });

  test("lives in a namespace of its own, which admits it, and which no tenant may use", () => {
    expect(ofKind(nfs, "Namespace")).toMatchObject([
      {
        metadata: {
          name: "csi-nfs",
          labels: { "pod-security.kubernetes.io/enforce": "privileged" },
        },
      },
    ]);
    const namespaced = nfs.filter(({ metadata }) => metadata.namespace !== undefined);
    expect(new Set(namespaced.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["csi-nfs"]));
    expect(
      new Set(
        render("prod")
          .manifests.filter(({ metadata }) => metadata.namespace === "csi-nfs")
          .map(({ kind }) => kind),
      ),
    ).toEqual(new Set(["ServiceAccount", "Role", "RoleBinding", "Deployment", "DaemonSet"]));
  });

  test("serves the class's provisioner, and is the driver that is announced", () => {
    expect(ofKind(nfs, "CSIDriver")).toMatchObject([
      { metadata: { name: classOf(nfs) && "nfs.csi.k8s.io" }, spec: { attachRequired: false } },
    ]);
  });

  test.each(all)("%s: one fixed image, room, and privileges only to mount", (_, container) => {
    expect(container.image).toMatch(/^registry\.k8s\.io\/sig-storage\/[a-z-]+:v\d+\.\d+\.\d+$/);
    expect(container.imagePullPolicy).toBe("IfNotPresent");
    expect(Object.keys(container.resources.limits)).toEqual(["cpu", "memory"]);
    expect(container.securityContext.privileged).toBe(container.name === "nfs");
    if (container.name !== "nfs")
      expect(container.securityContext).toEqual({
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
  });

  test.each(["csi-nfs-controller", "csi-nfs-node"])("%s says why it may what it may", (name) => {
    const workload = byName(name);
    const { annotations = {} } = podOf(workload).metadata;
    for (const container of containersOf(workload)) {
      expect(annotations[`labstead.dev/security-exception.${container.name}`]).toMatch(/^[\w, ]+: .{15}/);
      const probed = container.livenessProbe !== undefined;
      expect(annotations[`labstead.dev/probes-exception.${container.name}`] === undefined).toBe(probed);
    }
    expect(podOf(workload).metadata.labels).toMatchObject(workloadOf(workload).selector.matchLabels);
    for (const { name: volume } of containersOf(workload).flatMap(({ volumeMounts = [] }) => volumeMounts))
      expect(volumesOf(workload).map((each) => each.name)).toContain(volume);
  });

  test("the API's token is in the provisioner alone", () => {
    for (const workload of pods) expect(podOf(workload).spec.automountServiceAccountToken).toBe(false);
    const holders = all.filter(([, { volumeMounts = [] }]) =>
      volumeMounts.some(({ name }) => name === "service-account"),
    );
    expect(holders.map(([name]) => name)).toEqual(["csi-nfs-controller csi-provisioner"]);
  });

  test("names folders by what the provisioner passes on", () => {
    const provisioner = containersOf(byName("csi-nfs-controller")).find(
      ({ name }) => name === "csi-provisioner",
    );
    expect(provisioner?.args).toContain("--extra-create-metadata=true");
  });

  test("two on one host would want the same port, so each part has its own, and is probed there", () => {
    const ports = pods.map((workload) => {
      const [plugin, liveness] = ["nfs", "liveness-probe"].map((name) =>
        containersOf(workload).find((each) => each.name === name),
      );
      const port = plugin?.ports?.[0]?.containerPort;
      expect(plugin?.livenessProbe?.httpGet).toMatchObject({ host: "localhost", port });
      expect(liveness?.args).toContain(`--http-endpoint=localhost:${String(port)}`);
      return port;
    });
    expect(new Set(ports).size).toBe(2);
  });
});
