/** What a cluster offers, from its objects. */
import { clusterEnvironment } from "../../../cli/adopt/cluster-environment";
import type { ClusterFacts, ClusterObject } from "../../../cli/adopt/cluster-facts";

const EMPTY: ClusterFacts = {
  version: "1.36",
  refused: [],
  nodes: [],
  namespaces: [],
  deployments: [],
  daemonSets: [],
  statefulSets: [],
  storageClasses: [],
  ingressClasses: [],
  serviceCidrs: [],
};

const named = (name: string, more: object = {}): ClusterObject => ({ metadata: { name }, ...more });

const node = (
  name: string,
  address: string,
  labels: object = {},
  allocatable: object = {},
): ClusterObject => ({
  metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
  status: { addresses: [{ type: "InternalIP", address }], allocatable },
});

const cluster = (facts: Partial<ClusterFacts>) =>
  clusterEnvironment({ ...EMPTY, ...facts }, "lab.example.org").environment["cluster"];

test("the nodes' network is the smallest that has them all, and no narrower than /24", () => {
  expect(cluster({ nodes: [node("a", "10.1.2.3")] })).toMatchObject({ nodeCidr: "10.1.2.0/24" });
  const nodes = [node("a", "10.1.2.3"), node("b", "10.1.7.9")];
  expect(cluster({ nodes })).toMatchObject({ nodeCidr: "10.1.0.0/21" });
});

test("nodes that are alike are one entry, without what differs from node to node", () => {
  const nodes = [
    node("a", "10.0.0.1", { tier: "cpu" }),
    node("b", "10.0.0.2", { tier: "cpu" }),
    node("c", "10.0.0.3", { tier: "gpu" }, { cpu: "8", "nvidia.com/gpu": "2", "hugepages-1Gi": "0" }),
  ];
  expect(cluster({ nodes })).toMatchObject({
    nodeLabels: [{ tier: "cpu" }, { tier: "gpu" }],
    devices: ["nvidia.com/gpu"],
  });
});

test("the default class is the block class, and one that many write to is the shared class", () => {
  const isDefault = { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } };
  const storageClasses = [
    named("slow", { provisioner: "cinder.csi.openstack.org" }),
    { metadata: { name: "fast", ...isDefault }, provisioner: "cinder.csi.openstack.org" },
    named("files", { provisioner: "manila.csi.openstack.org" }),
  ];
  const inferred = clusterEnvironment({ ...EMPTY, storageClasses }, "lab.example.org");
  expect(inferred.environment["cluster"]).toMatchObject({ storage: { block: "fast", shared: "files" } });
  expect(inferred.unplaced).toContainEqual(expect.objectContaining({ kind: "storage class", name: "slow" }));
});

test.each([
  ["calico-node", true],
  ["cilium", true],
  ["kube-router", true],
  ["kube-flannel-ds", false],
])("with %s, policies are enforced: %s", (name, enforcesPolicies) => {
  expect(cluster({ daemonSets: [named(name)] })).toMatchObject({ enforcesPolicies });
});

test("what the cluster does not have is named, with the setting to write", () => {
  const { unplaced } = clusterEnvironment(EMPTY, "lab.example.org");
  expect(unplaced.map(({ kind, way }) => `${kind}: ${way}`)).toEqual([
    "storage class: write cluster.storage.block by hand",
    "ingress class: write cluster.ingress.className by hand",
    "ingress controller: write cluster.ingress.namespace and podLabels by hand",
  ]);
});
