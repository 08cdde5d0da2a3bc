/** Cinder's CSI driver, its classes and their aliases. */
import { App } from "cdk8s";
import { KUBERNETES_VERSIONS } from "../../../environment/schema/cluster";
import { findingText } from "../../../environment/findings";
import {
  BlockStorageChart,
  type BlockStorageChartProps,
} from "../../../platform/cluster/block-storage/chart";
import { CinderCsiChart, type CinderCsiChartProps } from "../../../platform/cluster/cinder-csi/chart";
import { CINDER_CSI_RELEASES } from "../../../platform/cluster/cinder-csi/images";
import {
  StorageAliasesChart,
  type StorageAliasesChartProps,
} from "../../../platform/cluster/storage-aliases/chart";
import { checkEnvironment } from "../../environments";
import { changed, configOf, ownerBase, plannedOf, type Changes } from "../../environment/configs";
import {
  chartsOf,
  containersOf,
  ofKind,
  podOf,
  renderChart,
  workloads,
  type Manifest,
} from "../../apps/manifests";
import { outline } from "../../apps/outline";

const planOf = (changes: Changes = {}) => plannedOf(configOf("lab", changed(ownerBase(), changes)));

function driver(changes: Changes = {}): readonly Manifest[] {
  const props = planOf(changes).parts["cinder-csi"] as CinderCsiChartProps;
  return renderChart(new CinderCsiChart(new App(), "cinder-csi", props)).manifests;
}
function classes(changes: Changes = {}): readonly (Manifest & { parameters?: Record<string, string> })[] {
  const all = chartsOf(planOf(changes)).flatMap((chart) => renderChart(chart).manifests);
  return ofKind(all, "StorageClass");
}
const argsOf = (manifests: readonly Manifest[], container: string): readonly string[] =>
  workloads(manifests)
    .flatMap(containersOf)
    .filter(({ name }) => name === container)
    .flatMap(({ args = [] }) => args);

test("the driver as it stands", () => {
  expect(outline(driver())).toMatchSnapshot();
});

test("a snapshot is taken of a volume that a pod uses, too", () => {
  const [snapshots] = ofKind(driver(), "VolumeSnapshotClass");
  expect(snapshots).toMatchObject({ parameters: { "force-create": "true" } });
});

test("the class, and the classes of other drivers", () => {
  const { parts } = planOf({
    "storage.block": { volumeType: "fast", zones: { kind: "fixed", zone: "cinder-1" } },
    "storage.aliases": {
      "cinder-block": { kind: "block" },
      rbd: {
        kind: "ceph-rbd",
        clusterId: "b9127830-b0cc-4e34-aa47-9d1a2e9949a8",
        pool: "lab",
        namespace: "ceph",
      },
      cephfs: { kind: "cephfs", clusterId: "b9127830", fileSystem: "lab", namespace: "ceph" },
      shares: { kind: "manila", shareType: "default", namespace: "manila", reclaimPolicy: "Retain" },
    },
  });
  const block = new BlockStorageChart(new App(), "storage", parts["block-storage"] as BlockStorageChartProps);
  const others = parts["storage-aliases"] as StorageAliasesChartProps;
  expect(outline(renderChart(block).manifests)).toMatchSnapshot("block");
  expect(
    outline(renderChart(new StorageAliasesChart(new App(), "storage-aliases", others)).manifests),
  ).toMatchSnapshot("others");
});

test("the login is the controller's alone, and no template holds a secret", () => {
  const [secret, ...others] = ofKind(driver(), "Secret");
  expect(others).toEqual([]);
  const templates = workloads(driver()).map((each) => podOf(each));
  expect(JSON.stringify(templates)).not.toContain("labstead:secret:");
  const mounting = workloads(driver()).filter((each) =>
    JSON.stringify(podOf(each)).includes(`"secretName":"${secret?.metadata.name ?? ""}"`),
  );
  expect(mounting.map(({ metadata }) => metadata.name)).toEqual(["cinder-csi-controller"]);
});

test("zones of Cinder that are not Nova's are ignored by both halves of the driver, or fixed by the class", () => {
  expect(argsOf(driver(), "cinder-csi-plugin")).toContain("--with-topology=true");
  const any = driver({ "storage.block.zones": { kind: "any" } });
  expect(argsOf(any, "cinder-csi-plugin").filter((arg) => arg.startsWith("--with-topology"))).toEqual([
    ...["--with-topology=false", "--with-topology=false"],
  ]);
  expect(argsOf(any, "csi-provisioner")).toContain("--feature-gates=Topology=false");
  const fixed = { "storage.block.zones": { kind: "fixed", zone: "cinder-1" } };
  expect(JSON.stringify(ofKind(driver(fixed), "Secret", "ConfigMap"))).toContain(
    'ignore-volume-az = \\"true\\"',
  );
  expect(classes(fixed).find(({ metadata }) => metadata.name === "csi-sc-cinderplugin")?.parameters).toEqual({
    availability: "cinder-1",
  });
});

test("driver and sidecars follow the cluster's version", () => {
  for (const version of KUBERNETES_VERSIONS.filter((each) => each !== "1.25")) {
    const used = new Set(
      workloads(driver({ "cluster.version": version }))
        .flatMap(containersOf)
        .map(({ image }) => image),
    );
    const pinned = Object.values(CINDER_CSI_RELEASES[version]).map(
      ({ repository, tag }) => `${repository}:${tag}`,
    );
    expect([...used].sort()).toEqual([...pinned].sort());
  }
});

test("one class is the default one, whichever is chosen", () => {
  const defaults = (changes: Changes): readonly string[] =>
    classes(changes)
      .filter(
        ({ metadata }) => metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
      )
      .map(({ metadata }) => metadata.name);
  const aliases = {
    "storage.aliases": {
      block: { kind: "block" },
      nfs: { kind: "shared" },
      shares: { kind: "manila", shareType: "default", namespace: "manila" },
    },
  };
  expect(defaults({})).toEqual(["csi-sc-cinderplugin"]);
  for (const name of ["csi-sc-cinderplugin", "glusterfs-storage", "block", "nfs", "shares"])
    expect(defaults({ ...aliases, "storage.defaultClass": name })).toEqual([name]);
});

test("aliases of a class that is not there, of a name that is taken, and of drivers that nobody installs", () => {
  const reported = (changes: Changes): readonly string[] =>
    checkEnvironment(configOf("lab", changed(ownerBase(), changes)))
      .filter(({ path }) => path.startsWith("storage."))
      .map(findingText);
  expect(
    reported({
      "storage.shared": { kind: "none" },
      "servers.gluster": undefined,
      "storage.aliases.nfs": { kind: "shared" },
      "storage.defaultClass": "fast",
    }),
  ).toEqual([
    "storage.aliases.nfs: is another name of the class of storage.shared, which is none; write storage.shared, or another kind",
    'storage.defaultClass: "fast" is no class of this cluster; write one of csi-sc-cinderplugin, nfs',
  ]);
  expect(reported({ "storage.aliases.glusterfs-storage": { kind: "block" } })).toEqual([
    'storage.shared.className: "glusterfs-storage" is already the name of a class, by storage.aliases.glusterfs-storage; choose another name',
  ]);
  expect(
    reported({ "storage.aliases.shares": { kind: "manila", shareType: "default", namespace: "manila" } }),
  ).toEqual([
    "storage.aliases.shares: makes a class of the Manila CSI driver, and does not install it: claims wait for it; install it with its Secrets in the namespace manila",
  ]);
});
