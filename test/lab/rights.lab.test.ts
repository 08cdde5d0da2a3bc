/** What the service accounts of the charts may do on a real API server with RBAC, and what they may not. */
import { setUp } from "./host/undo";
import type { ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundLab } from "./kubernetes/environments";
import { may, rightsIn, serviceAccount, type Question } from "./kubernetes/reviews";

let cluster: ControlPlane;
let admin: ApiClient;
/** What every signed-in client may, such as asking what it may. */
let everybody: ReadonlySet<string>;

setUp(async (undo) => {
  cluster = undo.use(await ControlPlane.start());
  admin = await cluster.client();
  const prod = boundLab("prod", ".", { projects: { soil: { namespaces: "made" } } });
  await applyAll(admin, [...prod.manifests, ...boundLab("test").manifests]);
  everybody = await rightsIn(serviceAccount(admin, "default", "default"), "default");
});

async function ownRights(client: ApiClient, namespace: string): Promise<readonly string[]> {
  return [...(await rightsIn(client, namespace))].filter((right) => !everybody.has(right)).sort();
}

const VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"];

function withVerbs(resources: readonly string[], verbs: readonly string[] = VERBS): readonly string[] {
  return resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)).sort();
}

/** What the infrastructure API makes inside a namespace. */
const STACKS = [
  "/secrets",
  "/services",
  "/persistentvolumeclaims",
  "/events",
  "/pods",
  "/pods/log",
  "/configmaps",
  "/serviceaccounts",
  "apps/deployments",
  "apps/deployments/scale",
  "autoscaling/horizontalpodautoscalers",
  "batch/jobs",
  "networking.k8s.io/ingresses",
  "networking.k8s.io/networkpolicies",
  "rbac.authorization.k8s.io/rolebindings",
];

/** In a namespace of its own; it may look whether that is there. */
const RIGHTS = [...withVerbs(STACKS), "get /namespaces"].toSorted();

test("whoever signs in may ask what he may, and read the API's own description", () => {
  for (const right of everybody)
    expect(right).toMatch(
      /^(create authorization\.k8s\.io\/self|create authentication\.k8s\.io\/self|get \/)/,
    );
});

describe("the DataLabs stack", () => {
  const INFRASTRUCTURE = "infrastructure-service-account";

  test.each(["datalab", "soil", "soil-compute"])(
    "prod's infrastructure API manages stacks in %s, its own namespace or a listed project's",
    async (namespace) => {
      const rights = await ownRights(serviceAccount(admin, "datalab", INFRASTRUCTURE), namespace);
      expect(rights).toEqual(RIGHTS);
      expect(everybody).toContain("get /healthz");
    },
  );

  test("and nothing anywhere else: no Secret, no role binding, no pod, no namespace", async () => {
    const account = serviceAccount(admin, "datalab", INFRASTRUCTURE);
    for (const elsewhere of ["kube-system", "testlab", "default", "another-project"])
      expect(await ownRights(account, elsewhere)).toEqual([]);
    expect((await account.get("/api/v1/namespaces/soil/secrets")).status).toBe(200);
    for (const path of [
      "secrets",
      "namespaces",
      "namespaces/kube-system/secrets",
      "namespaces/testlab/secrets",
    ])
      expect({ path, status: (await account.get(`/api/v1/${path}`)).status }).toEqual({ path, status: 403 });
  });

  test("test's infrastructure API manages stacks in its own namespace, and nothing anywhere else", async () => {
    const account = serviceAccount(admin, "testlab", INFRASTRUCTURE);
    expect(await ownRights(account, "testlab")).toEqual(RIGHTS);
    for (const elsewhere of ["datalab", "kube-system", "default"])
      expect(await ownRights(account, elsewhere)).toEqual([]);
    expect((await account.get("/api/v1/namespaces/testlab/secrets")).status).toBe(200);
    expect((await account.get("/api/v1/namespaces/datalab/secrets")).status).toBe(403);
    expect((await account.get("/api/v1/secrets")).status).toBe(403);
  });

  test.each(["datalab", "testlab", "kube-system"])(
    "the default account of %s may do nothing",
    async (namespace) => {
      const account = serviceAccount(admin, namespace, "default");
      for (const where of ["datalab", "testlab", "kube-system"])
        expect(await ownRights(account, where)).toEqual([]);
    },
  );

  test("an account that is given the role of computations manages pods and Services, and no more", async () => {
    const metadata = { name: "compute", namespace: "testlab" };
    const subjects = [{ kind: "ServiceAccount", ...metadata }];
    const roleRef = {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "compute-submission-role",
    };
    await applyAll(admin, [
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata, roleRef, subjects },
    ]);
    const account = serviceAccount(admin, "testlab", "compute");
    expect(await ownRights(account, "testlab")).toEqual(withVerbs(["/pods", "/services"]));
    expect(await ownRights(account, "datalab")).toEqual([]);
  });
});

describe("ingress-nginx", () => {
  const NETWORKING = "networking.k8s.io";
  const LEASES = { group: "coordination.k8s.io", resource: "leases" };

  /** As its documentation lists them (deploy/rbac.md): in every namespace … */
  const EVERYWHERE: readonly Question[] = [
    ...questions(["list", "watch"], ["configmaps", "endpoints", "nodes", "pods", "secrets", "namespaces"]),
    ...questions(["get"], ["nodes"]),
    ...questions(["get", "list", "watch"], ["services"]),
    ...questions(["get", "list", "watch"], ["ingresses", "ingressclasses"], NETWORKING),
    { verb: "update", group: NETWORKING, resource: "ingresses", subresource: "status" },
    ...questions(["list", "watch", "get"], ["endpointslices"], "discovery.k8s.io"),
    ...questions(["create", "patch"], ["events"]),
    { ...LEASES, verb: "list" },
    { ...LEASES, verb: "watch" },
  ];
  /** … and in its own. */
  const AT_HOME: readonly Question[] = [
    ...questions(["get"], ["namespaces"]),
    ...questions(["get", "list", "watch"], ["configmaps", "pods", "secrets", "endpoints"]),
    { ...LEASES, verb: "create" },
    { ...LEASES, verb: "get", name: "ingress-nginx-leader" },
    { ...LEASES, verb: "update", name: "ingress-nginx-leader" },
  ].map((each) => ({ ...each, namespace: "kube-system" }));

  function questions(
    verbs: readonly string[],
    resources: readonly string[],
    group = "",
  ): readonly Question[] {
    return resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource })));
  }

  async function answers(asked: readonly Question[]): Promise<readonly string[]> {
    const account = serviceAccount(admin, "kube-system", "ingress-nginx");
    return Promise.all(asked.map(async (one) => `${JSON.stringify(one)} ${String(await may(account, one))}`));
  }

  test("may do each thing that it needs", async () => {
    const asked = [...EVERYWHERE, ...AT_HOME];
    expect(await answers(asked)).toEqual(asked.map((one) => `${JSON.stringify(one)} true`));
  });

  test("may write no object of the labs, and read no single secret elsewhere by name", async () => {
    const asked: readonly Question[] = [
      { verb: "get", resource: "secrets", namespace: "datalab" },
      { verb: "update", resource: "secrets", namespace: "kube-system" },
      { verb: "update", group: NETWORKING, resource: "ingresses", namespace: "datalab" },
      { verb: "create", resource: "pods", namespace: "kube-system" },
      { ...LEASES, verb: "update", name: "kube-scheduler", namespace: "kube-system" },
    ];
    expect(await answers(asked)).toEqual(asked.map((one) => `${JSON.stringify(one)} false`));
  });
});
