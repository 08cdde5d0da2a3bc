/** What was changed, deleted or added behind the program's back on a real API server is found; what is in use is not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clusterDrift, type ClusterDrift } from "../../cli/drift/cluster";
import { declaredIn } from "../../cli/drift/declared";
import { parseState, type StackState } from "../../cli/shared/stack-state";
import { Pulumi } from "../../cli/shared/pulumi";
import { fieldOf, type JsonObject, type Manifest } from "../../deploy/manifest";
import type { PlannedObject } from "../../deploy/plan";
import { startPlugin } from "../../provider/main";
import { parseKubeconfig, type ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { Engine } from "../../rehearsal/engine";
import { objectLine } from "../../review/drift/lines";
import { OWNER_LABEL } from "../../review/drift/objects";
import { tenantIdentity } from "../../trust/cluster-trust";
import { pulumiExecutable } from "../rehearsal/engine-lab";
import { openStack } from "./apply-set/engine-stack";
import { NAMESPACE, namespaceOfUsers, userObjects } from "./apply-set/users";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundLab, type BoundLab } from "./kubernetes/environments";
import { untilMay } from "./kubernetes/reviews";

const { signal } = new AbortController();
const MERGE = "application/merge-patch+json";

/** As the engine exports a secret. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "…" };

/** The state that the Kubernetes provider would leave. */
function stateOf(manifests: readonly Manifest[]): StackState {
  const resources = manifests.map((manifest, index) => ({
    urn: `urn:pulumi:lab::labstead::kubernetes:test::object-${String(index)}`,
    type: "kubernetes:test:Object",
    custom: true,
    id: String(index),
    inputs: manifest.kind === "Secret" ? encrypted(manifest) : manifest,
  }));
  return parseState(JSON.stringify({ version: 3, deployment: { resources } }));
}

function encrypted({ data, stringData, ...rest }: Manifest): JsonObject {
  return {
    ...rest,
    ...(data === undefined ? {} : { data: SECRET }),
    ...(stringData === undefined ? {} : { stringData: SECRET }),
  };
}

/** What a person writes into a Secret: never told. */
const BY_HAND = "swordfish-4711";

interface Looked {
  readonly access: ClusterAccess;
  readonly state: StackState;
  readonly planned?: readonly PlannedObject[];
  readonly environment?: string;
  readonly tenants?: readonly string[];
}

function look({ access, state, planned = [], environment = "prod", tenants = [] }: Looked) {
  const facts = { environment, others: new Map(), environments: new Set(tenants) };
  return clusterDrift({ access, declared: declaredIn(state), planned, facts, signal });
}

/** `changed apps/web Deployment.apps: spec.replicas 2 → 3` */
function texts({ drift }: ClusterDrift): readonly string[] {
  return drift
    .map((each) => objectLine(each, "prod"))
    .map(({ change, kind, name, differences }) => {
      const fields = differences.map(({ field, declared, found }) => `${field} ${declared} → ${found}`);
      return `${change} ${kind} ${name}${fields.length === 0 ? "" : `: ${fields.join("; ")}`}`;
    })
    .sort();
}

describe.each([
  { folder: ".", stack: "prod", tenant: "test" },
  { folder: "examples", stack: "datalabs", tenant: "datalabs-test" },
  { folder: "examples", stack: "jupyterhub", tenant: undefined },
])("the lab of $stack, in use", ({ folder, stack, tenant }) => {
  let cluster: ControlPlane;
  let admin: ApiClient;
  let access: ClusterAccess;
  let lab: BoundLab;
  let state: StackState;

  setUp(async (undo) => {
    lab = boundLab(stack, folder);
    cluster = undo.use(await ControlPlane.start({ serviceCidr: lab.plan.cluster.serviceCidr }));
    admin = await cluster.client();
    access = parseKubeconfig(await cluster.kubeconfig());
    await applyAll(admin, lab.manifests);
    if (tenant !== undefined) await applyAll(admin, boundLab(tenant, folder).manifests);
    await cluster.startControllers();
    await cluster.startNodes(2);
    state = stateOf(lab.manifests);
  });

  const looked = () =>
    look({
      ...{ access, state, planned: lab.deploy.objects, environment: stack },
      tenants: lab.plan.tenants.map(({ name }) => name),
    });

  test("gives no alarm, for what controllers, other stacks, a hub and people make", async () => {
    const [namespace = ""] = lab.manifests.flatMap(({ kind, metadata }) =>
      kind === "Namespace" ? [metadata.name] : [],
    );
    await applyAll(admin, usersThings(namespace));
    await untilPods(admin);
    const found = await looked();
    expect(texts(found)).toEqual([]);
    expect(found.compared).toBe(lab.manifests.length);
    expect(found.refused).toEqual([]);
    expect([...found.known.keys()]).toEqual(
      expect.arrayContaining(["controllers", "users of a hub", `people, by ${OWNER_LABEL}`, "Kubernetes"]),
    );
  });

  test("finds one of each of its kinds deleted", async () => {
    const kinds = new Map(lab.manifests.filter(isDeletable).map((each) => [each.kind, each]));
    for (const manifest of kinds.values()) await admin.delete(await admin.objectPath(manifest));
    const missing = texts(await looked()).filter((line) => line.startsWith("missing"));
    expect(missing.map((line) => line.split(" ")[1]?.split(".")[0]).sort()).toEqual([...kinds.keys()].sort());
    await applyAll(admin, [...kinds.values()]);
    expect(texts(await looked())).toEqual([]);
  });

  test("finds one of each of its kinds changed", async () => {
    const kinds = new Map(
      lab.manifests.flatMap((manifest) => {
        const patch = patchOf(manifest);
        return patch === undefined ? [] : [[manifest.kind, { manifest, patch }] as const];
      }),
    );
    expect(kinds.size).toBeGreaterThan(5);
    for (const { manifest, patch } of kinds.values()) {
      const path = `${await admin.objectPath(manifest)}?fieldManager=kubectl-edit`;
      const answer = await admin.ask("PATCH", path, patch, MERGE);
      expect({ kind: manifest.kind, status: answer.status, said: answer.body["message"] }).toEqual({
        kind: manifest.kind,
        status: 200,
        said: undefined,
      });
    }
    const found = texts(await looked());
    expect(found.join("\n")).not.toContain(Buffer.from(BY_HAND).toString("base64"));
    expect(found.join("\n")).not.toContain("value-of-");
    const changed = found.filter((line) => line.startsWith("changed"));
    expect(changed.map((line) => line.split(" ")[1]?.split(".")[0]).sort()).toEqual([...kinds.keys()].sort());
  });
});

describe("a tenant, by its own limited kubeconfig", () => {
  let admin: ApiClient;
  let access: ClusterAccess;
  let state: StackState;
  const tenant = boundLab("test");

  setUp(async (undo) => {
    const owner = boundLab("prod");
    const cluster = undo.use(await ControlPlane.start({ serviceCidr: owner.plan.cluster.serviceCidr }));
    admin = await cluster.client();
    await cluster.startControllers();
    await applyAll(admin, owner.manifests);
    const itself = await cluster.client(tenantIdentity("test"));
    const entrance = tenant.manifests.findIndex(({ kind }) => kind === "RoleBinding") + 1;
    await applyAll(admin, tenant.manifests.slice(0, entrance));
    // Some milliseconds pass until the authorizer has seen a binding.
    await untilMay(itself, { verb: "create", resource: "secrets", namespace: "testlab" });
    await applyAll(itself, tenant.manifests);
    access = parseKubeconfig(await cluster.kubeconfig(tenantIdentity("test")));
    state = stateOf(tenant.manifests);
  });

  const looked = () => look({ access, state, planned: tenant.deploy.objects, environment: "test" });

  test("nothing differs, and what is no business of a tenant is not missed", async () => {
    const found = await looked();
    expect(texts(found)).toEqual([]);
    expect(found.refused).toEqual([]);
    expect(found.compared).toBe(tenant.manifests.length);
  });

  test("what somebody added and changed in its namespace is found", async () => {
    const namespace = "testlab";
    const metadata = { name: "stray", namespace };
    await applyAll(admin, [{ apiVersion: "v1", kind: "ConfigMap", metadata, data: {} }]);
    const deployment = `/apis/apps/v1/namespaces/${namespace}/deployments/datalab-app`;
    const patch = { spec: { template: { spec: { nodeSelector: { "by-hand": "yes" } } } } };
    await admin.ask("PATCH", `${deployment}?fieldManager=kubectl-edit`, patch, MERGE);
    const found = await looked();
    expect(texts(found).map((line) => line.split(":")[0])).toEqual([
      "changed Deployment.apps testlab/datalab-app",
      "undeclared ConfigMap testlab/stray",
    ]);
  });
});

/** The first user's pod of a hub, and what a person made and answers for. */
function usersThings(namespace: string): readonly Manifest[] {
  const pod = (name: string, labels: JsonObject): Manifest => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          image: "registry.example.org/notebook:1",
          resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "10m", memory: "16Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  });
  return [
    pod("jupyter-ada", { "app.kubernetes.io/managed-by": "kubespawner" }),
    pod("try", { [OWNER_LABEL]: "ada" }),
  ];
}

/** Pods of Deployments are there: the lab is in use. */
async function untilPods(admin: ApiClient): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    const { body } = await admin.get("/api/v1/pods");
    if (((body["items"] ?? []) as readonly unknown[]).length > 3) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("no pods");
}

/** Deleting a Namespace takes its objects with it; a definition, those of its kind; a claim waits for its pods. */
function isDeletable({ kind }: Manifest): boolean {
  return !["Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "StorageClass"].includes(kind);
}

/** A change that a person might make; undefined for kinds that cannot be changed, or that nothing is declared of. */
function patchOf(manifest: Manifest): JsonObject | undefined {
  switch (manifest.kind) {
    case "ConfigMap":
      return { data: { "by-hand": "yes" } };
    case "Secret":
      return { stringData: { "by-hand": BY_HAND } };
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return { spec: { template: { spec: { nodeSelector: { "by-hand": "yes" } } } } };
    case "Service":
      return { spec: { selector: { "by-hand": "yes" } } };
    case "NetworkPolicy":
      return { spec: { podSelector: { matchLabels: { "by-hand": "yes" } } } };
    case "Role":
    case "ClusterRole":
      return { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] };
    case "RoleBinding":
    case "ClusterRoleBinding":
      return { subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "mallory" }] };
    case "ResourceQuota":
      return { spec: { hard: { pods: "999" } } };
    case "Ingress":
      return { spec: { ingressClassName: "by-hand" } };
    case "Namespace":
      return { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } };
    default:
      return undefined;
  }
}

describe("apply sets", () => {
  let admin: ApiClient;
  let access: ClusterAccess;
  let engine: Engine;
  let pulumi: Pulumi;

  setUp(async (undo) => {
    const directory = join(undo.folder("drift"), "work");
    const cluster = undo.use(await ControlPlane.start());
    await cluster.startControllers();
    admin = await cluster.client();
    access = parseKubeconfig(await cluster.kubeconfig());
    const plugin = await startPlugin();
    undo.later(() => plugin.stop());
    const debugProviders = `labstead:${plugin.port}`;
    const objects = () => [namespaceOfUsers(), ...["ada", "bob"].flatMap((name) => userObjects({ name }))];
    engine = await openStack({ directory, kubeconfig: await cluster.kubeconfig(), debugProviders, objects });
    const source = { project: "lab", stack: "test" };
    const program = () => Promise.resolve({});
    const line = Engine.commandLine({
      directory,
      pulumi: pulumiExecutable(),
      source,
      program,
      debugProviders,
    });
    pulumi = new Pulumi(line, "test", "lab");
    await engine.up();
  });

  const looked = async () => look({ access, state: (await pulumi.export())! });

  test("as applied there is no difference", async () => {
    const found = await looked();
    expect(texts(found)).toEqual([]);
    expect(found.compared).toBe(7);
  });

  test("a changed, a deleted and an added object are found, though the state has no manifest", async () => {
    const deployments = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
    await admin.ask("PATCH", `${deployments}/ada?fieldManager=by-hand`, { spec: { replicas: 3 } }, MERGE);
    await admin.delete(`/api/v1/namespaces/${NAMESPACE}/services/bob`);
    await applyAll(admin, [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "stray", namespace: NAMESPACE }, data: {} },
    ]);
    const found = texts(await looked());
    expect(found).toEqual([
      "changed Deployment.apps users/ada: fields of the set as applied → taken over by another manager",
      "missing Service users/bob",
      "undeclared ConfigMap users/stray",
    ]);
  });

  test("the CronJob of a new lab is accepted, and its pod at the level restricted", async () => {
    const text = readFileSync(join(__dirname, "../../template/drift-cronjob.yaml"), "utf8");
    const cronJob = parse(text.replaceAll("LAB_NAME", "lab").replaceAll("LABSTEAD_VERSION", "1")) as Manifest;
    const { namespace = "" } = cronJob.metadata;
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await applyAll(admin, [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }]);
    await applyAll(admin, [
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } },
      cronJob,
    ]);
    const spec = fieldOf(cronJob, "spec", "jobTemplate", "spec", "template", "spec");
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "drift", namespace }, spec };
    expect(said(await admin.create(pod, { dryRun: "All" }))).toBe("201");
  });
});
