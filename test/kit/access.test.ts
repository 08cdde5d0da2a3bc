/** Service accounts and their rights. */
import { Testing } from "cdk8s";
import { Account, Rights, type ResourceRule, type RightsProps } from "../../kit";
import type { Manifest } from "../apps/manifests";

const IDENTITY = { name: "web", partOf: "lab", component: "web", environment: "prod" } as const;
const PODS: ResourceRule = { apiGroups: [""], resources: ["pods"], verbs: ["get", "watch"] };

type Granted = { readonly [K in "everywhere" | "inNamespace"]?: RightsProps[K] };

function rendered(granted: Granted): Manifest[] {
  const chart = Testing.chart();
  const account = new Account(chart, "Account", { ...IDENTITY, namespace: "lab" });
  new Rights(chart, "Rights", { ...IDENTITY, account, ...granted } as RightsProps);
  return chart.toJson() as Manifest[];
}

test("a role for each reach, bound to the account, which gives no pod its token unasked", () => {
  const healthz = { nonResourceUrls: ["/healthz"], verbs: ["get"] } as const;
  const objects = rendered({ everywhere: [PODS, healthz], inNamespace: [PODS] });
  const metadata = {
    name: "web",
    labels: expect.objectContaining({ "app.kubernetes.io/name": "web" }) as object,
  };
  const subjects = [{ kind: "ServiceAccount", name: "web", namespace: "lab" }];
  const roleRef = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: "web" });
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const namespaced = { ...metadata, namespace: "lab" };
  const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get", "watch"] };
  const url = { nonResourceURLs: ["/healthz"], verbs: ["get"] };
  expect(objects).toEqual([
    { apiVersion: "v1", kind: "ServiceAccount", metadata: namespaced, automountServiceAccountToken: false },
    { apiVersion, kind: "ClusterRole", metadata, rules: [rule, url] },
    { apiVersion, kind: "ClusterRoleBinding", metadata, roleRef: roleRef("ClusterRole"), subjects },
    { apiVersion, kind: "Role", metadata: namespaced, rules: [rule] },
    { apiVersion, kind: "RoleBinding", metadata: namespaced, roleRef: roleRef("Role"), subjects },
  ]);
});

test("what is not granted is not made", () => {
  const kinds = (granted: Granted) => rendered(granted).map(({ kind }) => kind);
  expect(kinds({ inNamespace: [PODS] })).toEqual(["ServiceAccount", "Role", "RoleBinding"]);
  expect(kinds({ everywhere: [PODS] })).toEqual(["ServiceAccount", "ClusterRole", "ClusterRoleBinding"]);
});

test("a name is refused for a verb that knows none, and taken for a subresource", () => {
  const named = (resources: string[], ...verbs: ResourceRule["verbs"]): Manifest[] =>
    rendered({ inNamespace: [{ apiGroups: [""], resources, verbs, resourceNames: ["leader"] }] });
  expect(() => named(["pods"], "get", "create")).toThrow(
    new Error(
      'web: a rule for pods named leader allows "create", which Kubernetes cannot hold to a name; give "create" a rule without names',
    ),
  );
  expect(() => named(["pods"], "deletecollection")).toThrow('give "deletecollection" a rule without names');
  expect(named(["pods/exec"], "create")[1]?.rules?.[0]?.resourceNames).toEqual(["leader"]);
});

test("rights to nothing, a path inside a namespace and an unknown verb do not compile", () => {
  const account = { name: "web", namespace: "lab" };
  // @ts-expect-error neither everywhere nor in the namespace
  const nothing: RightsProps = { ...IDENTITY, account };
  const url = { nonResourceUrls: ["/"], verbs: ["get"] } as const;
  // @ts-expect-error paths are outside of namespaces
  const path: RightsProps = { ...IDENTITY, account, inNamespace: [url] };
  // @ts-expect-error no such verb
  const verb: ResourceRule = { ...PODS, verbs: ["read"] };
  expect([nothing, path, verb]).toHaveLength(3);
});
