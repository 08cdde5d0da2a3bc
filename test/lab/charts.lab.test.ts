/** Every object of every environment in the repository, as a real API server takes it. */
import { fieldOf, type JsonObject, type Manifest } from "../../deploy/manifest";
import { NATIVE, VARIANTS } from "../apps/hub/hubs";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundHubs, boundLab, type BoundLab } from "./kubernetes/environments";

/** The network plugin that has to be in kube-system; others have namespaces of their own. */
const PRIVILEGED = "weave-net";

/** Where pods are tried that run in kube-system, which holds nobody to a level: they keep to "restricted" all the same. */
const STRICT: readonly Manifest[] = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "strict", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  },
  ...["default", "ingress-nginx", "traefik"].map((name) => ({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, namespace: "strict" },
  })),
];

function asClaimed(pod: Manifest): Manifest {
  const strict = pod.metadata.namespace === "kube-system" && pod.metadata.name !== PRIVILEGED;
  const inside = strict ? { namespace: "strict" } : {};
  return { ...pod, metadata: { ...pod.metadata, ...inside } };
}

/** Hubs with drives, of which one mounts a directory of the other's. */
const DRIVES: JsonObject = {
  physics: {
    ...NATIVE,
    ...VARIANTS["drive"],
    sharedDirectories: { data: { kind: "hub", hub: "statistics" } },
  },
  statistics: { ...NATIVE, ...VARIANTS["drive with owners"] },
};

/** Environments of one cluster, its owner first. */
const CLUSTERS: readonly {
  readonly folder: string;
  readonly stacks: readonly string[];
  /** In place of those of the file. @default those of the file */
  readonly hubs?: JsonObject;
}[] = [
  { folder: ".", stacks: ["prod", "test"] },
  { folder: "examples", stacks: ["datalabs", "datalabs-test"] },
  { folder: "examples", stacks: ["jupyterhub"] },
  { folder: "examples", stacks: ["jupyterhub"], hubs: DRIVES },
  { folder: "examples", stacks: ["managed-kubernetes"] },
  { folder: "examples", stacks: ["savu"] },
  { folder: "examples", stacks: ["ska"] },
  { folder: "examples", stacks: ["existing-cluster"] },
  { folder: "examples", stacks: ["projects"] },
];

describe.each(CLUSTERS)("the cluster of $stacks", ({ folder, stacks, hubs }) => {
  const labs = new Map(
    stacks.map((stack) => [stack, hubs === undefined ? boundLab(stack, folder) : boundHubs(hubs)]),
  );
  let cluster: ControlPlane;
  let admin: ApiClient;

  setUp(async (undo) => {
    const [owner] = labs.values();
    cluster = undo.use(
      await ControlPlane.start({ serviceCidr: owner?.plan.cluster.serviceCidr ?? "10.96.0.0/12" }),
    );
    admin = await cluster.client();
  });

  test.each(stacks)(
    "every object of %s is accepted, in the planned order, and then stays as it is",
    async (stack) => {
      const { manifests } = labOf(labs, stack);
      expect(manifests.length).toBeGreaterThan(0);
      const first = await applyAll(admin, manifests);
      await definitionsServed(admin, manifests);
      const second = await applyAll(admin, manifests);
      // A claim is stored once more, unchanged, when it is applied for the second time; never after that.
      expect(second.map(withoutVersion)).toEqual(first.map(withoutVersion));
      expect((await applyAll(admin, manifests)).map(versionOf)).toEqual(second.map(versionOf));
    },
  );

  test("the environments of the cluster leave each other's objects alone", async () => {
    const all = [...labs.values()].flatMap(({ manifests }) => manifests);
    const before = await applyAll(admin, all);
    const again = await applyAll(admin, [...all].reverse());
    expect([...again].reverse().map(versionOf)).toEqual(before.map(versionOf));
  });

  test("every pod is admitted at the level of its namespace", async () => {
    await cluster.startControllers();
    await applyAll(admin, STRICT);
    for (const { manifests } of labs.values()) {
      const pods = manifests.flatMap(podOf).map(asClaimed);
      const quotas = manifests.filter(({ kind }) => kind === "ResourceQuota");
      for (const quota of quotas)
        await untilStatus(admin, quota, (status) => fieldOf(status, "hard") !== undefined);
      const answers = await Promise.all(
        pods.map(async (pod) => said(await admin.create(pod, { dryRun: "All" }))),
      );
      expect(answers).toEqual(pods.map(() => "201"));
    }
  });

  test("every class that a claim or an Ingress names is made by the owner, or declared of an existing cluster", () => {
    const all = [...labs.values()].flatMap(({ manifests }) => manifests);
    const made = (kind: string): readonly string[] =>
      all.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);
    const named = (kind: string, field: string): readonly unknown[] =>
      all.filter((each) => each.kind === kind).map((each) => fieldOf(each["spec"], field));
    const [owner] = labs.values();
    const there = owner?.plan.cluster.kind === "existing" ? owner.plan.cluster : undefined;
    // A claim of a volume by name has the class "", which stands for none.
    for (const name of named("PersistentVolumeClaim", "storageClassName").filter((each) => each !== ""))
      expect([...made("StorageClass"), there?.blockClass, there?.sharedClass]).toContain(name);
    for (const name of named("Ingress", "ingressClassName"))
      expect([...made("IngressClass"), there?.ingress.className]).toContain(name);
  });
});

function labOf(labs: ReadonlyMap<string, BoundLab>, stack: string): BoundLab {
  const found = labs.get(stack);
  if (found === undefined) throw new Error(`no lab ${stack}`);
  return found;
}

function versionOf(live: JsonObject): string {
  const { name, resourceVersion } = live["metadata"] as { name: string; resourceVersion: string };
  return `${String(live["kind"])} ${name} ${resourceVersion}`;
}

/** What is the applier's: the API server itself writes the status of a definition, a moment later. */
function withoutVersion({ status: _, ...live }: JsonObject): JsonObject {
  const { resourceVersion: _version, managedFields, ...metadata } = live["metadata"] as JsonObject;
  const appliers = (managedFields as readonly JsonObject[]).filter(({ operation }) => operation === "Apply");
  return { ...live, metadata: { ...metadata, managedFields: appliers } };
}

/** Waits until the kinds that the manifests define are served. */
async function definitionsServed(admin: ApiClient, manifests: readonly Manifest[]): Promise<void> {
  const established = (status: unknown): boolean =>
    ((fieldOf(status, "conditions") ?? []) as readonly JsonObject[]).some(
      ({ type, status: holds }) => type === "Established" && holds === "True",
    );
  for (const manifest of manifests.filter(({ kind }) => kind === "CustomResourceDefinition"))
    await untilStatus(admin, manifest, established);
}

/** The pod that a workload's controller would make; Pod Security only warns about the workload itself. */
function podOf({ kind, metadata, ...workload }: Manifest): readonly Manifest[] {
  const template = fieldOf(workload, "spec", "template");
  if (!["Deployment", "StatefulSet", "DaemonSet", "Job"].includes(kind)) return [];
  const { metadata: podMetadata, spec } = template as { metadata: JsonObject; spec: JsonObject };
  const { name, namespace = "default" } = metadata;
  return [{ apiVersion: "v1", kind: "Pod", metadata: { ...podMetadata, name, namespace }, spec }];
}

/** Until its controller has counted a quota, no pod is admitted. */
async function untilStatus(
  admin: ApiClient,
  manifest: Manifest,
  reached: (status: unknown) => boolean,
): Promise<void> {
  const path = await admin.objectPath(manifest);
  const deadline = Date.now() + 60_000;
  while (!reached((await admin.get(path)).body["status"])) {
    if (Date.now() > deadline) throw new Error(`${path} has not the awaited status`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
