/** Who may do what in a local cluster, and what a deletion asks besides. */
import { AuthorizedApi, type ClientIdentity } from "../../../rehearsal/kubernetes/authorization";
import { builtInKind, type Kind } from "../../../rehearsal/kubernetes/kinds";
import { LocalCluster } from "../../../rehearsal/kubernetes/local-cluster";
import type { PlainMap } from "../../../provider-protocol";
import { configMap, namespace, service } from "./harness";

const RBAC = "rbac.authorization.k8s.io";
const TENANT: ClientIdentity = { user: "tenant", groups: ["tenants"] };
const WRITE = { dryRun: false };

let cluster: LocalCluster;
beforeEach(async () => {
  cluster = new LocalCluster({ entries: () => [], set: () => undefined, delete: () => undefined }, () => 1);
  await cluster.create(kind("Namespace"), namespace("own"), WRITE);
});

function kind(name: string, apiVersion = "v1"): Kind {
  const found = builtInKind(apiVersion, name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}

interface Rule extends PlainMap {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const core = (resource: string, verbs: readonly string[], more: PlainMap = {}): Rule => ({
  apiGroups: [""],
  resources: [resource],
  verbs,
  ...more,
});

const GROUP = { kind: "Group", apiGroup: RBAC, name: "tenants" };

/** Gives the tenant's group rights, everywhere or in one namespace. */
async function grant(rules: readonly Rule[], where?: string, subject: PlainMap = GROUP): Promise<void> {
  const rights = (name: string, fields: PlainMap): PlainMap => ({
    apiVersion: `${RBAC}/v1`,
    kind: name,
    metadata: { name: "given", ...(where === undefined ? {} : { namespace: where }) },
    ...fields,
  });
  const [role, binding] =
    where === undefined ? ["ClusterRole", "ClusterRoleBinding"] : ["Role", "RoleBinding"];
  const roleRef = { apiGroup: RBAC, kind: role, name: "given" };
  await cluster.create(kind(role, `${RBAC}/v1`), rights(role, { rules }), WRITE);
  await cluster.create(kind(binding, `${RBAC}/v1`), rights(binding, { roleRef, subjects: [subject] }), WRITE);
}

const as = (who: ClientIdentity): AuthorizedApi => new AuthorizedApi(cluster, who);
const MAP = { namespace: "own", name: "a" };

test.each(["system:masters", "kubeadm:cluster-admins"])("%s may do everything", async (group) => {
  const admin = as({ user: "admin", groups: [group] });
  await admin.create(kind("ConfigMap"), configMap("a", {}, "own"), WRITE);
  await admin.delete(kind("ConfigMap"), MAP);
  await admin.gone(kind("ConfigMap"), MAP);
});

test("a client without rights may do nothing, with the API server's message", async () => {
  await expect(as(TENANT).get(kind("ConfigMap"), MAP)).rejects.toThrow(
    'configmaps "a" is forbidden: User "tenant" cannot get resource "configmaps" in API group "" in the namespace "own"',
  );
  await expect(as(TENANT).delete(kind("Namespace"), { namespace: "", name: "own" })).rejects.toThrow(
    'namespaces "own" is forbidden: User "tenant" cannot delete resource "namespaces" in API group "" at the cluster scope',
  );
});

test("a role counts where and for the client that it is bound to", async () => {
  await grant([core("configmaps", ["*"])], "own");
  await as(TENANT).create(kind("ConfigMap"), configMap("a", {}, "own"), WRITE);
  await expect(as(TENANT).create(kind("ConfigMap"), configMap("a", {}, "default"), WRITE)).rejects.toThrow(
    'in the namespace "default"',
  );
  await expect(as({ user: "other", groups: [] }).get(kind("ConfigMap"), MAP)).rejects.toThrow("forbidden");
});

test("a user is bound by name as well", async () => {
  await grant([core("configmaps", ["get"])], undefined, { kind: "User", apiGroup: RBAC, name: "tenant" });
  expect(await as({ user: "tenant", groups: [] }).get(kind("ConfigMap"), MAP)).toBeUndefined();
});

test("server-side apply asks for patch, and for create where nothing is there yet", async () => {
  await grant([core("configmaps", ["get", "patch"])]);
  const made = configMap("a", {}, "own");
  await expect(as(TENANT).apply(kind("ConfigMap"), made, WRITE)).rejects.toThrow("cannot create");
  await cluster.create(kind("ConfigMap"), made, WRITE);
  await as(TENANT).apply(kind("ConfigMap"), made, WRITE);
});

test("a name that is still to come gives no right to create", async () => {
  await grant([core("configmaps", ["*"], { resourceNames: ["a"] })]);
  await expect(as(TENANT).create(kind("ConfigMap"), configMap("a", {}, "own"), WRITE)).rejects.toThrow(
    "cannot create",
  );
});

test("to see that an object is gone takes list and watch without names", async () => {
  const entry = { namespace: "kube-system", name: "entry" };
  const made = service("entry", [{ port: 80 }]);
  await cluster.create(
    kind("Service"),
    { ...made, metadata: { name: "entry", namespace: "kube-system" } },
    WRITE,
  );
  await grant(
    [core("services", ["get", "list", "watch", "delete"], { resourceNames: ["entry"] })],
    "kube-system",
  );
  await as(TENANT).delete(kind("Service"), entry);
  await expect(as(TENANT).gone(kind("Service"), entry)).rejects.toThrow(
    'services is forbidden: User "tenant" cannot list resource "services" in API group "" in the namespace "kube-system"',
  );
});

test("rights that go with a binding are gone when its deletion is waited for", async () => {
  await grant([{ apiGroups: [RBAC], resources: ["rolebindings"], verbs: ["*"] }], "own");
  const binding = kind("RoleBinding", `${RBAC}/v1`);
  const own = { namespace: "own", name: "given" };
  await as(TENANT).delete(binding, own);
  await expect(as(TENANT).gone(binding, own)).rejects.toThrow('cannot list resource "rolebindings"');
});
