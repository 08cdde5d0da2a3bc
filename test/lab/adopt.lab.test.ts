/** The environment of applications on an existing cluster, read from a real API server by a user that may only read. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { adoptCluster } from "../../cli/adopt/run-cluster";
import { adoptionCode, type AdoptionReport } from "../../cli/adopt/report";
import type { Manifest } from "../../deploy/manifest";
import { parseKubeconfig } from "../../provider/kubernetes-api/kubeconfig";
import { labstead } from "../cli/command";
import { setUp } from "./host/undo";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll } from "./kubernetes/environments";

const READER = { user: "reader", group: "readers" };

const DEFAULT_CLASS = { "storageclass.kubernetes.io/is-default-class": "true" };

function storageClass(name: string, provisioner: string, annotations: Record<string, string> = {}): Manifest {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations },
    provisioner,
  };
}

function workload(kind: string, namespace: string, name: string, labels: Record<string, string>): Manifest {
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: "main", image: "registry.example.org/any:1" }] },
  };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, labels },
    spec: { selector: { matchLabels: labels }, template },
  };
}

const namespace = (name: string): Manifest => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

const CLUSTER: readonly Manifest[] = [
  ...["ingress", "jhub", "wiki", "calico-system"].map(namespace),
  storageClass("ssd", "cinder.csi.openstack.org", DEFAULT_CLASS),
  storageClass("files", "nfs.csi.k8s.io"),
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "public" },
    spec: { controller: "k8s.io/ingress-nginx" },
  },
  workload("Deployment", "ingress", "controller", { "app.kubernetes.io/name": "ingress-nginx" }),
  workload("DaemonSet", "calico-system", "calico-node", { "k8s-app": "calico-node" }),
  workload("Deployment", "jhub", "hub", { app: "jupyterhub", component: "hub" }),
  workload("Deployment", "wiki", "wiki", { app: "wiki" }),
];

const RIGHTS: readonly Manifest[] = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "reader" },
    rules: [
      { apiGroups: [""], resources: ["nodes", "namespaces"], verbs: ["list"] },
      { apiGroups: ["apps"], resources: ["deployments", "daemonsets", "statefulsets"], verbs: ["list"] },
      { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["list"] },
      { apiGroups: ["networking.k8s.io"], resources: ["ingressclasses", "servicecidrs"], verbs: ["list"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "reader" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "reader" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: READER.user }],
  },
];

const { signal } = new AbortController();
let cluster: ControlPlane;
let folder: string;

setUp(async (undo) => {
  folder = undo.folder("adopt");
  cluster = undo.use(await ControlPlane.start({ serviceCidr: "10.96.0.0/16" }));
  const admin = await cluster.client();
  await applyAll(admin, [...CLUSTER, ...RIGHTS]);
  await cluster.startControllers();
  await cluster.startNodes(2);
});

test("what it offers becomes a valid environment; what is on it is listed with a way on", async () => {
  const access = parseKubeconfig(await cluster.kubeconfig(READER));
  const report = await adoptCluster("lab", { access, domain: "lab.example.org", signal });
  expect(report.errors).toEqual([]);
  expect(report.unread).toEqual([]);
  expect(report.environment).toMatchObject({
    domain: "lab.example.org",
    cluster: {
      kind: "existing",
      version: "1.36",
      serviceCidr: "10.96.0.0/16",
      storage: { block: "ssd", shared: "files" },
      ingress: {
        className: "public",
        namespace: "ingress",
        podLabels: { "app.kubernetes.io/name": "ingress-nginx" },
      },
      enforcesPolicies: true,
    },
  });
  expect(report.unplaced.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "hub jhub/hub",
    "namespace calico-system",
    "namespace wiki",
  ]);
  expect(adoptionCode(report)).toBe(2);
});

test("what the user may not read is reported, and nothing is inferred from it", async () => {
  const access = parseKubeconfig(await cluster.kubeconfig({ user: "nobody", group: "none" }));
  const report = await adoptCluster("lab", { access, domain: "lab.example.org", signal });
  expect(report.unread.map(({ service }) => service)).toContain("nodes");
  expect(adoptionCode(report)).toBe(3);
});

test("the command writes a file that the other commands read, and replaces none", async () => {
  const kubeconfig = join(folder, "admin.kubeconfig");
  writeFileSync(kubeconfig, await cluster.kubeconfig(READER));
  const command = ["adopt", "lab", "--cluster", kubeconfig, "--domain", "lab.example.org"];
  const printed = labstead(command, folder);
  expect(printed.code).toBe(2);
  expect(printed.stdout).toMatch(/\n {2}hub +jhub\/hub +a hub by zero-to-jupyterhub's labels/);
  const written = labstead([...command, "--write", "--json"], folder);
  const report = JSON.parse(written.stdout) as AdoptionReport;
  expect(written.code).toBe(2);
  const file = readFileSync(join(folder, "Pulumi.lab.yaml"), "utf8");
  expect(parse(file)).toMatchObject({ config: { "labstead:environment": report.environment } });
  expect(labstead(["check", "lab"], folder).code).toBe(0);
  const again = labstead([...command, "--write"], folder);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("Pulumi.lab.yaml exists already; move it away, nothing was written");
});
