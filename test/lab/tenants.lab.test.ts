/** A tenant's limited kubeconfig on a real API server: its whole stack with it, and nothing of anybody else's. */
import type { Manifest } from "../../deploy/manifest";
import { tenantIdentity } from "../../trust/cluster-trust";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundLab } from "./kubernetes/environments";
import { serviceAccount, untilMay, untilRefused } from "./kubernetes/reviews";

const RBAC = "rbac.authorization.k8s.io";

function object(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  fields: object = {},
): Manifest {
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    ...fields,
  };
}

function configMap(namespace: string): Manifest {
  return object("v1", "ConfigMap", namespace, "probe", { data: { a: "b" } });
}

function service(namespace: string, name: string, spec: object): Manifest {
  return object("v1", "Service", namespace, name, { spec });
}

function nodePort(namespace: string, name: string, port: object, selector: object = { app: "a" }): Manifest {
  return service(namespace, name, { type: "NodePort", selector, ports: [{ port: 80, ...port }] });
}

function ingress(
  host: string | undefined,
  annotations: Readonly<Record<string, string>> = {},
  where = "testlab",
): Manifest {
  const backend = { service: { name: "a", port: { number: 80 } } };
  const http = { paths: [{ path: "/", pathType: "Prefix", backend }] };
  const rule = host === undefined ? { http } : { host, http };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "probe", namespace: where, annotations },
    spec: { ingressClassName: "nginx", rules: [rule] },
  };
}

function withTls(manifest: Manifest, host: string): Manifest {
  return { ...manifest, spec: { ...(manifest["spec"] as object), tls: [{ hosts: [host] }] } };
}

function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function roleBinding(where: string, role: object, subject: object): Manifest {
  const roleRef = { apiGroup: RBAC, kind: "ClusterRole", ...role };
  return object(`${RBAC}/v1`, "RoleBinding", where, "probe", { roleRef, subjects: [subject] });
}

const ENFORCE = "pod-security.kubernetes.io/enforce";
const OWN_ROLE = { name: "labstead-tenant-namespace" };
const ITSELF = { kind: "Group", apiGroup: RBAC, name: "labstead:tenant:test" };
const CONTROLLER = { "app.kubernetes.io/name": "ingress-nginx-controller" };
const HOSTS = "the hosts of test are test-datalabs-catalogue.lab.example.org";
const PRIVILEGED_POD = object("v1", "Pod", "testlab", "probe", {
  spec: { hostPID: true, containers: [{ name: "a", image: "a:1", securityContext: { privileged: true } }] },
});

describe("a tenant that admission policies hold", () => {
  const prod = boundLab("prod").manifests;
  const own = boundLab("test").manifests;
  let cluster: ControlPlane;
  let admin: ApiClient;
  let tenant: ApiClient;

  setUp(async (undo) => {
    cluster = undo.use(await ControlPlane.start());
    admin = await cluster.client();
    await applyAll(admin, prod);
    tenant = await cluster.client(tenantIdentity("test"));
    await untilRefused(
      tenant,
      service("kube-system", "probe", { ports: [{ port: 80 }] }),
      "only Service in kube-system",
    );
    await cluster.startControllers();
  });

  test("brings its whole stack up, its Namespace and its rights in it first", async () => {
    const kinds = own.filter(({ metadata }) => metadata.namespace !== "kube-system").map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(["Namespace", "RoleBinding"]);
    const entrance = own.findIndex(({ kind }) => kind === "RoleBinding") + 1;
    await applyAll(tenant, own.slice(0, entrance));
    // Some milliseconds pass until the authorizer has seen a binding.
    await untilMay(tenant, { verb: "create", resource: "secrets", namespace: "testlab" });
    await applyAll(tenant, own);
    for (const manifest of own)
      expect((await tenant.get(await tenant.objectPath(manifest))).status).toBe(200);
    await untilRefused(admin, nodePort("testlab", "probe", { nodePort: 30048 }), "the NodePorts of test are");
    await untilRefused(admin, ingress("datalabs.lab.example.org"), HOSTS);
  });

  test("may use its window, its hosts and roles of its own", async () => {
    const allowed = [
      nodePort("testlab", "probe", { nodePort: 30056 }),
      ingress("test-datalabs.lab.example.org"),
      roleBinding(
        "testlab",
        { name: "compute-submission-role" },
        { kind: "ServiceAccount", name: "a", namespace: "testlab" },
      ),
      object(`${RBAC}/v1`, "Role", "testlab", "probe", {
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
      }),
      object("policy/v1", "PodDisruptionBudget", "testlab", "probe", { spec: { minAvailable: 1 } }),
      object("autoscaling/v2", "HorizontalPodAutoscaler", "testlab", "probe", {
        spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" } },
      }),
      namespace("testlab", { [ENFORCE]: "baseline" }),
    ];
    const answers = await Promise.all(
      allowed.map((each) => tenant.apply(each, { dryRun: "All", force: "true" })),
    );
    for (const answer of answers) expect(["200", "201"]).toContain(said(answer));
  });

  describe("is refused by RBAC", () => {
    const PATHS: readonly (readonly [method: string, path: string])[] = [
      ["GET", "/api/v1/namespaces/datalab/secrets"],
      ["GET", "/api/v1/namespaces/datalab/secrets/mongo-password-secret"],
      ["GET", "/api/v1/namespaces/kube-system/secrets/tls-secret"],
      ["GET", "/api/v1/secrets"],
      ["GET", "/api/v1/pods"],
      ["GET", "/api/v1/namespaces/kube-system/services/ingress-nginx-prod"],
      ["GET", "/api/v1/nodes"],
      ["DELETE", "/api/v1/namespaces/datalab"],
      ["DELETE", "/api/v1/namespaces/kube-system"],
      ["DELETE", "/api/v1/namespaces/kube-system/services/ingress-nginx-prod"],
      ["DELETE", `/apis/${RBAC}/v1/clusterrolebindings/labstead-tenant-test`],
      ["DELETE", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/labstead-tenant-test"],
      [
        "DELETE",
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/labstead-tenant-test",
      ],
      ["DELETE", `/apis/${RBAC}/v1/namespaces/datalab/rolebindings/labstead-tenant-namespace`],
    ];
    test.each(PATHS)("%s %s", async (method, path) => {
      expect((await tenant.ask(method, path)).status).toBe(403);
    });

    const OBJECTS: readonly (readonly [what: string, manifest: Manifest])[] = [
      ["an object in the owner's namespace", configMap("datalab")],
      ["an object in kube-system", configMap("kube-system")],
      ["the owner's namespace", namespace("datalab", { [ENFORCE]: "baseline" })],
      ["the owner's entry", nodePort("kube-system", "ingress-nginx-prod", { nodePort: 30080 })],
      ["an account of the owner's namespace", object("v1", "ServiceAccount", "datalab", "probe")],
      [
        "a role for the whole cluster",
        object(`${RBAC}/v1`, "ClusterRole", undefined, "probe", { rules: [] }),
      ],
      [
        "a role for itself in the whole cluster",
        object(`${RBAC}/v1`, "ClusterRoleBinding", undefined, "probe", {
          roleRef: { apiGroup: RBAC, kind: "ClusterRole", ...OWN_ROLE },
          subjects: [ITSELF],
        }),
      ],
      ["more than it has, in its own namespace", roleBinding("testlab", { name: "cluster-admin" }, ITSELF)],
      [
        "another policy",
        object(
          "admissionregistration.k8s.io/v1",
          "ValidatingAdmissionPolicy",
          undefined,
          "labstead-tenant-test",
          { spec: {} },
        ),
      ],
      [
        "a role with rights that it has not",
        object(`${RBAC}/v1`, "Role", "testlab", "probe", {
          rules: [{ apiGroups: [""], resources: ["endpoints"], verbs: ["create"] }],
        }),
      ],
      ["a way to another namespace's pods", object("v1", "Endpoints", "testlab", "probe")],
      [
        "a storage class",
        object("storage.k8s.io/v1", "StorageClass", undefined, "probe", { provisioner: "a" }),
      ],
    ];
    test.each(OBJECTS)("%s", async (_, manifest) => {
      expect((await refusals(tenant, manifest))[0]).toMatch(/^403 /);
    });

    test("a pod that would leave its node's bounds, by Pod Security", async () => {
      expect(said(await tenant.create(PRIVILEGED_POD))).toContain('violates PodSecurity "restricted:v1.36"');
    });
  });

  describe("is refused by the policies", () => {
    const ROWS: readonly (readonly [what: string, manifest: Manifest, text: string])[] = [
      [
        "a namespace that nobody gave it",
        namespace("mine", { [ENFORCE]: "restricted" }),
        "a tenant has the namespaces that its owner lists: testlab",
      ],
      [
        "its namespace without a level",
        namespace("testlab"),
        "enforces the Pod Security level baseline or restricted of the cluster's version",
      ],
      [
        "its namespace with the level privileged",
        namespace("testlab", { [ENFORCE]: "privileged" }),
        "enforces the Pod Security level baseline or restricted of the cluster's version",
      ],
      [
        "its namespace with the level of an old version",
        namespace("testlab", { [ENFORCE]: "baseline", [`${ENFORCE}-version`]: "v1.0" }),
        "enforces the Pod Security level baseline or restricted of the cluster's version",
      ],
      [
        "its role in the owner's namespace",
        roleBinding("datalab", OWN_ROLE, ITSELF),
        "a tenant binds roles in its own namespaces only",
      ],
      [
        "its role in kube-system",
        roleBinding("kube-system", OWN_ROLE, ITSELF),
        "a tenant binds roles in its own namespaces only",
      ],
      [
        "its role for somebody else",
        roleBinding("testlab", OWN_ROLE, { ...ITSELF, name: "system:authenticated" }),
        "to itself and to service accounts of its own",
      ],
      [
        "its role for another namespace's account",
        roleBinding("testlab", OWN_ROLE, { kind: "ServiceAccount", name: "default", namespace: "datalab" }),
        "to itself and to service accounts of its own",
      ],
      [
        "another Service in kube-system",
        service("kube-system", "probe", { ports: [{ port: 80 }] }),
        "a tenant's only Service in kube-system is ingress-nginx-test",
      ],
      [
        "an entry to other pods",
        nodePort(
          "kube-system",
          "ingress-nginx-test",
          { nodePort: 31080, targetPort: 80 },
          { "k8s-app": "kube-dns" },
        ),
        "leads to the ports 80 and 443 of the ingress controller",
      ],
      [
        "an entry to the controller's metrics",
        nodePort("kube-system", "ingress-nginx-test", { nodePort: 31080, targetPort: 10254 }, CONTROLLER),
        "leads to the ports 80 and 443 of the ingress controller",
      ],
      [
        "an entry at another NodePort",
        nodePort("kube-system", "ingress-nginx-test", { nodePort: 30500, targetPort: 80 }, CONTROLLER),
        "the NodePorts of a tenant's entry are those that its owner gave: 31080 and 31443",
      ],
      [
        "a NodePort of the owner's",
        nodePort("testlab", "probe", { nodePort: 30048 }),
        "NodePort 30048: the NodePorts of test are 30055 to 30060; name one of them as nodePort, or make the Service a ClusterIP",
      ],
      [
        "a NodePort of the API server's choice",
        nodePort("testlab", "probe", {}),
        ": the NodePorts of test are 30055 to 30060",
      ],
      [
        "an external address",
        service("testlab", "probe", { externalIPs: ["192.0.2.1"], ports: [{ port: 80 }] }),
        "a Service of test takes no external IPs",
      ],
      [
        "a Service that stands for a name",
        service("testlab", "probe", { type: "ExternalName", externalName: "mongo-service.datalab.svc" }),
        "not to a name",
      ],
      [
        "a load balancer of the cloud",
        service("testlab", "probe", { type: "LoadBalancer", ports: [{ port: 80 }] }),
        "a Service of test is no LoadBalancer",
      ],
      ["the owner's host", ingress("datalabs.lab.example.org"), HOSTS],
      ["every host", ingress(undefined), HOSTS],
      [
        "a certificate for the owner's host",
        withTls(ingress("test-datalabs.lab.example.org"), "datalabs.lab.example.org"),
        HOSTS,
      ],
      [
        "the owner's host as an alias",
        ingress("test-datalabs.lab.example.org", {
          "nginx.ingress.kubernetes.io/server-alias": "datalabs.lab.example.org",
        }),
        "no hosts beside those of its rules",
      ],
    ];
    test.each(ROWS)("%s", async (_, manifest, text) => {
      expect((await refusals(tenant, manifest)).join("\n")).toContain(text);
    });

    test("what it would do through an account of its namespace", async () => {
      const account = serviceAccount(admin, "testlab", "infrastructure-service-account");
      const refused = async (manifest: Manifest) => said(await account.create(manifest, { dryRun: "All" }));
      expect(await refused(nodePort("testlab", "probe", { nodePort: 30081 }))).toContain(
        "the NodePorts of test are",
      );
      expect(await refused(ingress("datalabs.lab.example.org"))).toContain(HOSTS);
      const relabelled = await account.apply(namespace("testlab", { [ENFORCE]: "baseline" }), {
        dryRun: "All",
        force: "true",
      });
      expect(relabelled.status).toBe(403);
    });
  });

  test("takes its stack down again", async () => {
    for (const manifest of [...own].reverse()) {
      const path = await tenant.objectPath(manifest);
      expect((await tenant.ask("DELETE", `${path}?dryRun=All`)).status).toBe(200);
    }
  });
});

describe("a tenant of a cluster without admission policies", () => {
  const owner = boundLab("datalabs", "examples").manifests;
  const own = boundLab("datalabs-test", "examples").manifests;
  let cluster: ControlPlane;
  let tenant: ApiClient;

  setUp(async (undo) => {
    cluster = undo.use(await ControlPlane.start());
    const admin = await cluster.client();
    await applyAll(admin, owner);
    tenant = await cluster.client(tenantIdentity("datalabs-test"));
  });

  test("finds its namespaces and its entry, and brings the rest up", async () => {
    expect(own.filter(({ kind }) => kind === "Namespace")).toEqual([]);
    await applyAll(tenant, own);
  });

  test.each([
    ["a namespace", namespace("mine", { [ENFORCE]: "restricted" })],
    ["its namespace's level", namespace("testlab", { [ENFORCE]: "privileged" })],
    ["an object in the owner's namespace", configMap("datalab")],
    ["a Service in kube-system", service("kube-system", "probe", { ports: [{ port: 80 }] })],
    [
      "its role in the owner's namespace",
      roleBinding("datalab", OWN_ROLE, { ...ITSELF, name: "labstead:tenant:datalabs-test" }),
    ],
    ["more than it has", roleBinding("testlab", { name: "cluster-admin" }, ITSELF)],
  ])("may not make %s", async (_, manifest) => {
    expect((await refusals(tenant, manifest))[0]).toMatch(/^403 /);
  });

  test("may not read the owner's secrets", async () => {
    expect((await tenant.get("/api/v1/namespaces/datalab/secrets")).status).toBe(403);
    expect((await tenant.get("/api/v1/namespaces/testlab/secrets")).status).toBe(200);
  });
});

/** Neither by creating it nor by applying it over whatever is there; what the API server says to each. */
async function refusals(client: ApiClient, manifest: Manifest): Promise<readonly string[]> {
  const answers = [await client.apply(manifest, { force: "true" }), await client.create(manifest)];
  for (const { status } of answers) expect([403, 409, 422]).toContain(status);
  return answers.map(said);
}
