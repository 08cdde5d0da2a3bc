/** The rules of the cluster on a real API server: what they refuse, in the words that people read, and what they let through. */
import { App } from "cdk8s";
import type { Manifest } from "../../deploy/manifest";
import { planCharts } from "../../deploy/plan";
import { AdmissionRulesChart, type AdmissionRulesProps } from "../../platform/cluster/admission-rules/chart";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll } from "./kubernetes/environments";
import { untilRefused } from "./kubernetes/reviews";

const RULES: AdmissionRulesProps = {
  environment: "prod",
  environments: [
    {
      environment: "prod",
      namespaces: { kind: "labelled" },
      nodePorts: [
        { from: 30048, to: 30054 },
        { from: 30100, to: 30100 },
      ],
      loadBalancers: "allowed",
      images: { kind: "listed", sources: ["docker.io/library/mongo", "docker.io/nerc", "quay.io"] },
      hosts: {
        names: ["vanity.example.com"],
        domain: { name: "lab.example.org", except: ["test.lab.example.org"] },
      },
    },
    {
      environment: "test",
      namespaces: { kind: "named", names: ["testlab"] },
      nodePorts: [{ from: 30055, to: 30060 }],
      loadBalancers: "refused",
      images: { kind: "any" },
      hosts: { names: ["test.lab.example.org"] },
    },
    {
      environment: "bare",
      namespaces: { kind: "named", names: ["barelab"] },
      nodePorts: [],
      loadBalancers: "refused",
      images: { kind: "listed", sources: [] },
      hosts: { names: [] },
    },
  ],
  entries: { namespace: "kube-system", nodePorts: [30080, 30443] },
  exceptions: [
    { namespace: "gitlab", allow: ["services", "limits", "images", "hosts"], reason: "its chart sets none" },
  ],
};

const NAMESPACES: readonly Manifest[] = [
  namespace("datalab", { "labstead.dev/rules": "prod" }),
  namespace("gitlab", { "labstead.dev/rules": "prod" }),
  namespace("testlab"),
  namespace("barelab"),
  namespace("platform"),
];

function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function service(where: string, spec: object): Manifest {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "probe", namespace: where }, spec };
}

function nodePort(where: string, port: number | undefined, type = "NodePort"): Manifest {
  const ports = [{ port: 80, ...(port === undefined ? {} : { nodePort: port }) }];
  return service(where, { type, selector: { app: "a" }, ports });
}

const LIMITS = {
  resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "100m", memory: "100Mi" } },
};

function pod(where: string, spec: object): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "probe", namespace: where },
    spec: { automountServiceAccountToken: false, ...spec },
  };
}

function podOf(where: string, image: string): Manifest {
  return pod(where, { containers: [{ name: "main", image, ...LIMITS }] });
}

const BACKEND = { service: { name: "a", port: { number: 80 } } };

function ingress(where: string, host: string | undefined, spec: object = {}, annotations = {}): Manifest {
  const http = { paths: [{ path: "/", pathType: "Prefix", backend: BACKEND }] };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "probe", namespace: where, annotations },
    spec: { rules: [host === undefined ? { http } : { host, http }], ...spec },
  };
}

/** A kind that is not of Kubernetes itself, as its project names it, with any content. */
function definition(group: string, kind: string, plural: string): Manifest {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "api-approved.kubernetes.io": "unapproved, of a test" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}

const GATEWAY = "gateway.networking.k8s.io";
const DEFINITIONS: readonly Manifest[] = [
  definition(GATEWAY, "Gateway", "gateways"),
  definition(GATEWAY, "HTTPRoute", "httproutes"),
  definition("traefik.io", "IngressRoute", "ingressroutes"),
  definition("traefik.io", "IngressRouteTCP", "ingressroutetcps"),
];

function custom(group: string, kind: string, where: string, spec: object): Manifest {
  return { apiVersion: `${group}/v1`, kind, metadata: { name: "probe", namespace: where }, spec };
}

function route(where: string, match: string, kind = "IngressRoute", spec: object = {}): Manifest {
  return custom("traefik.io", kind, where, { routes: [{ match, kind: "Rule" }], ...spec });
}

const PROD_PORTS =
  "the NodePorts of prod are 30048 to 30054, 30100; name one of them as nodePort, or make the Service a ClusterIP";
const PROD_HOSTS = "the hosts of prod are vanity.example.com, those of lab.example.org that no tenant has";
const PROD_LIMITS = "a container of prod has limits of cpu and memory, under resources.limits; without: ";
const FOREIGN =
  "comes from no source of prod; write its registry or repository under rules.images.from of prod";

type Row = readonly [what: string, manifest: Manifest, message: string];

const REFUSED: readonly Row[] = [
  ["a NodePort of nobody", nodePort("datalab", 30061), `NodePort 30061: ${PROD_PORTS}`],
  ["a NodePort of a tenant", nodePort("datalab", 30055), `NodePort 30055: ${PROD_PORTS}`],
  [
    "a NodePort of the ingress controller, anywhere",
    nodePort("platform", 30443),
    "the NodePorts 30080, 30443 are those of the ingress controller, in kube-system only; name another nodePort",
  ],
  [
    "a NodePort of a tenant, where no rules of an environment apply",
    nodePort("platform", 30056),
    "the NodePorts 30055 to 30060 are those of test; name another nodePort",
  ],
  ["a NodePort of the API server's choice", nodePort("datalab", undefined), `: ${PROD_PORTS}`],
  [
    "a load balancer at a NodePort that is given away",
    nodePort("datalab", 30048, "LoadBalancer"),
    `NodePort 30048: ${PROD_PORTS}`,
  ],
  [
    "a tenant's load balancer",
    nodePort("testlab", 30056, "LoadBalancer"),
    "a Service of test is no LoadBalancer, which is open beside the edge; use an Ingress or a NodePort",
  ],
  [
    "a NodePort of an environment without a window",
    nodePort("barelab", 30061),
    "NodePort 30061: the NodePorts of bare are none; name one of them as nodePort, or make the Service a ClusterIP",
  ],
  [
    "an external address",
    service("datalab", { externalIPs: ["192.0.2.1"], ports: [{ port: 80 }] }),
    "a Service of prod takes no external IPs: they would catch others' traffic",
  ],
  [
    "a Service for a name",
    service("datalab", { type: "ExternalName", externalName: "a.example.org" }),
    "a Service of prod leads to pods, not to a name (ExternalName)",
  ],
  [
    "a container without limits",
    pod("datalab", { containers: [{ name: "main", image: "mongo" }] }),
    `${PROD_LIMITS}main`,
  ],
  [
    "an init container with half of them",
    pod("datalab", {
      containers: [{ name: "main", image: "mongo", ...LIMITS }],
      initContainers: [{ name: "first", image: "mongo", resources: { limits: { cpu: "1" } } }],
    }),
    `${PROD_LIMITS}first`,
  ],
  [
    "an image of Docker Hub",
    podOf("datalab", "busybox:1.36"),
    `image docker.io/library/busybox:1.36 ${FOREIGN}`,
  ],
  ["another user's image there", podOf("datalab", "nerco/x:1"), `image docker.io/nerco/x:1 ${FOREIGN}`],
  ["a repository that begins alike", podOf("datalab", "mongo-express:1"), FOREIGN],
  ["a registry that begins alike", podOf("datalab", "quay.io.example.org/x:1"), FOREIGN],
  ["a registry at another port", podOf("datalab", "quay.io:5000/x:1"), FOREIGN],
  ["an image by its id alone", podOf("datalab", "sha256:0123"), FOREIGN],
  [
    "the image of an init container",
    pod("datalab", {
      containers: [{ name: "main", image: "mongo", ...LIMITS }],
      initContainers: [{ name: "first", image: "ghcr.io/x/y:1", ...LIMITS }],
    }),
    `image ghcr.io/x/y:1 ${FOREIGN}`,
  ],
  [
    "the image of a volume",
    pod("datalab", {
      containers: [{ name: "main", image: "mongo", ...LIMITS }],
      volumes: [{ name: "data", image: { reference: "ghcr.io/x/y:1" } }],
    }),
    `image ghcr.io/x/y:1 ${FOREIGN}`,
  ],
  [
    "any image, without a source",
    podOf("barelab", "mongo"),
    "image docker.io/library/mongo comes from no source of bare; write its registry or repository under tenants.bare.images of prod",
  ],
  ["a tenant's host", ingress("datalab", "test.lab.example.org"), PROD_HOSTS],
  ["a host of another domain", ingress("datalab", "www.example.org"), PROD_HOSTS],
  ["a domain that ends alike", ingress("datalab", "otherlab.example.org"), PROD_HOSTS],
  ["every host", ingress("datalab", undefined), PROD_HOSTS],
  [
    "whatever no other Ingress serves",
    ingress("datalab", "a.lab.example.org", { defaultBackend: BACKEND }),
    PROD_HOSTS,
  ],
  [
    "a certificate for a tenant's host",
    ingress("datalab", "a.lab.example.org", { tls: [{ hosts: ["test.lab.example.org"] }] }),
    PROD_HOSTS,
  ],
  [
    "an alias",
    ingress("datalab", "a.lab.example.org", {}, { "nginx.ingress.kubernetes.io/server-alias": "b.org" }),
    "an Ingress of prod serves no hosts beside those of its rules (server-alias, from-to-www-redirect)",
  ],
  [
    "a tenant's other host",
    ingress("testlab", "a.lab.example.org"),
    "the hosts of test are test.lab.example.org",
  ],
  [
    "a host of an environment without one",
    ingress("barelab", "a.lab.example.org"),
    "the hosts of bare are none",
  ],
];

const ROUTES: readonly Row[] = [
  ["an HTTPRoute without a host", custom(GATEWAY, "HTTPRoute", "datalab", {}), PROD_HOSTS],
  [
    "an HTTPRoute of a tenant's host",
    custom(GATEWAY, "HTTPRoute", "datalab", { hostnames: ["a.lab.example.org", "test.lab.example.org"] }),
    PROD_HOSTS,
  ],
  [
    "a Gateway that listens for every host",
    custom(GATEWAY, "Gateway", "datalab", { listeners: [{ name: "http", port: 80 }] }),
    PROD_HOSTS,
  ],
  ["a route without a host", route("datalab", "PathPrefix(`/`)"), PROD_HOSTS],
  ["a route of a tenant's host", route("datalab", "Host(`test.lab.example.org`)"), PROD_HOSTS],
  [
    "a route of its own host or any path",
    route("datalab", "Host(`a.lab.example.org`) && Path(`/a`) || PathPrefix(`/`)"),
    PROD_HOSTS,
  ],
  ["a route of hosts by an expression", route("datalab", "HostRegexp(`.+`)"), PROD_HOSTS],
  ["a route of all hosts but its own", route("datalab", "!Host(`a.lab.example.org`)"), PROD_HOSTS],
  ["a TCP route of every name", route("datalab", "HostSNI(`*`)", "IngressRouteTCP"), PROD_HOSTS],
  ["a route of another's host", route("testlab", "Host(`a.lab.example.org`)"), "the hosts of test are"],
  [
    "a route without any host given",
    route("barelab", "Host(`a.lab.example.org`)"),
    "the hosts of bare are none",
  ],
  [
    "a certificate for a tenant's host",
    route("datalab", "Host(`a.lab.example.org`)", "IngressRoute", {
      tls: { domains: [{ main: "test.lab.example.org" }] },
    }),
    PROD_HOSTS,
  ],
];

const ADMITTED: readonly (readonly [what: string, manifest: Manifest])[] = [
  ["a NodePort of the window", nodePort("datalab", 30054)],
  ["a NodePort that is declared by itself", nodePort("datalab", 30100)],
  ["a tenant's NodePort", nodePort("testlab", 30060)],
  ["the ingress controller's own NodePort", nodePort("kube-system", 30443)],
  ["the platform's NodePort", nodePort("platform", 30061)],
  ["a load balancer at a NodePort that nobody has", nodePort("datalab", 30500, "LoadBalancer")],
  ["an excepted namespace's NodePort", nodePort("gitlab", 30062)],
  ["an excepted namespace's pod", pod("gitlab", { containers: [{ name: "main", image: "ghcr.io/x/y" }] })],
  ["an excepted namespace's host", ingress("gitlab", "gitlab.example.com")],
  ["a repository's image", podOf("datalab", "mongo:4.4")],
  ["a repository's image by digest", podOf("datalab", `mongo@sha256:${"0".repeat(64)}`)],
  ["a repository's image, written in full", podOf("datalab", "docker.io/library/mongo:4.4")],
  ["an image of a part of a registry", podOf("datalab", "nerc/datalab-app:1")],
  ["an image of a registry", podOf("datalab", "quay.io/jupyter/base-notebook:1")],
  ["any image, where all are let in", podOf("testlab", "ghcr.io/x/y:1")],
  [
    "a pod with limits as a whole",
    pod("datalab", { ...LIMITS, containers: [{ name: "main", image: "mongo" }] }),
  ],
  ["a host of the domain", ingress("datalab", "a.b.lab.example.org")],
  ["the domain itself", ingress("datalab", "lab.example.org")],
  [
    "a host that is listed",
    ingress("datalab", "vanity.example.com", { tls: [{ hosts: ["vanity.example.com"] }] }),
  ],
  ["a tenant's host", ingress("testlab", "test.lab.example.org")],
];

const ADMITTED_ROUTES: readonly (readonly [what: string, manifest: Manifest])[] = [
  ["an HTTPRoute", custom(GATEWAY, "HTTPRoute", "datalab", { hostnames: ["a.lab.example.org"] })],
  [
    "a Gateway",
    custom(GATEWAY, "Gateway", "datalab", { listeners: [{ name: "http", hostname: "*.lab.example.org" }] }),
  ],
  ["a route", route("datalab", "Host(`a.lab.example.org`) && PathPrefix(`/api`)")],
  ["a tenant's route", route("testlab", 'Host("test.lab.example.org")')],
  ["a TCP route", route("datalab", "HostSNI(`db.lab.example.org`)", "IngressRouteTCP")],
];

describe("the rules of a cluster", () => {
  let cluster: ControlPlane;
  let admin: ApiClient;

  setUp(async (undo) => {
    cluster = undo.use(await ControlPlane.start());
    admin = await cluster.client();
    const app = new App();
    new AdmissionRulesChart(app, "rules", RULES);
    await applyAll(
      admin,
      planCharts(app).objects.map(({ manifest }) => manifest),
    );
    await applyAll(admin, NAMESPACES);
    await cluster.startControllers();
    for (const [, manifest, message] of REFUSED) await untilRefused(admin, manifest, message);
  });

  test.each(REFUSED)("refuse %s", async (_, manifest, message) => {
    const answer = await admin.create(manifest, { dryRun: "All" });
    expect(answer.status).toBe(422);
    expect(said(answer)).toContain(` denied request: `);
    expect(said(answer)).toContain(message);
  });

  test.each(ADMITTED)("let %s through", async (_, manifest) => {
    expect(said(await admin.create(manifest, { dryRun: "All" }))).toBe("201");
  });

  test("have no expression that the API server's own check of types doubts", async () => {
    const { body } = await admin.get("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies");
    const items = body["items"] as readonly {
      metadata: { name: string };
      status?: { typeChecking?: object };
    }[];
    expect(items).toHaveLength(1 + 3 * 6 - 1);
    const checked = async (): Promise<readonly unknown[]> => {
      const answer = await admin.get("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies");
      return (answer.body["items"] as typeof items).filter(
        ({ status }) => status?.typeChecking === undefined,
      );
    };
    while ((await checked()).length > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    const { body: last } = await admin.get(
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
    );
    expect(
      (last["items"] as typeof items).flatMap(({ metadata, status }) =>
        Object.keys(status?.typeChecking ?? {}).length === 0 ? [] : [[metadata.name, status?.typeChecking]],
      ),
    ).toEqual([]);
  });

  describe("for a running pod", () => {
    const path = "/api/v1/namespaces/datalab/pods/running";
    const running: Manifest = {
      ...podOf("datalab", "mongo:4.4"),
      metadata: { name: "running", namespace: "datalab" },
    };

    setUp(async () => {
      expect(said(await admin.create(running))).toBe("201");
    });

    const patch = async (at: string, body: object): Promise<string> =>
      said(await admin.ask("PATCH", at, body, "application/strategic-merge-patch+json"));

    test("refuse another image", async () => {
      const body = { spec: { containers: [{ name: "main", image: "ghcr.io/x/y:1" }] } };
      expect(await patch(path, body)).toContain(`image ghcr.io/x/y:1 ${FOREIGN}`);
    });

    test("refuse the image of a container for debugging, and let one of a source in", async () => {
      const at = `${path}/ephemeralcontainers`;
      const debug = (image: string) => ({ spec: { ephemeralContainers: [{ name: "debug", image }] } });
      expect(await patch(at, debug("ghcr.io/x/y:1"))).toContain(`image ghcr.io/x/y:1 ${FOREIGN}`);
      expect(await patch(at, debug("quay.io/x/y:1"))).toBe("200");
    });

    test("let a new limit through, and no limit taken away", async () => {
      const at = `${path}/resize`;
      const resize = (limits: object) => ({
        spec: { containers: [{ name: "main", resources: { limits } }] },
      });
      expect(await patch(at, resize({ memory: "2Gi" }))).toBe("200");
      expect(await patch(at, resize({ memory: null }))).toMatch(/^(403|422) /);
    });

    test("leave a pod of before alone, but for its content", async () => {
      const old = pod("gitlab", { containers: [{ name: "main", image: "ghcr.io/x/y:1" }] });
      expect(said(await admin.create(old))).toBe("201");
      const except = { namespaceSelector: { matchLabels: { "labstead.dev/rules": "prod" } } };
      const binding =
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/labstead-images-prod";
      const bound = await admin.ask(
        "PATCH",
        binding,
        {
          spec: {
            matchResources: { namespaceSelector: { ...except.namespaceSelector, matchExpressions: null } },
          },
        },
        "application/merge-patch+json",
      );
      expect(bound.status).toBe(200);
      await untilRefused(admin, { ...old, metadata: { name: "another", namespace: "gitlab" } }, FOREIGN);
      const at = "/api/v1/namespaces/gitlab/pods/probe";
      expect(await patch(at, { metadata: { labels: { kept: "yes" } } })).toBe("200");
      expect(await patch(at, { spec: { containers: [{ name: "main", image: "ghcr.io/x/y:2" }] } })).toContain(
        FOREIGN,
      );
    });
  });

  describe("once the Gateway API and Traefik are installed", () => {
    setUp(async () => {
      await applyAll(admin, DEFINITIONS);
      await untilServed(admin);
      for (const [, manifest, message] of ROUTES) await untilRefused(admin, manifest, message);
    });

    test.each(ROUTES)("refuse %s", async (_, manifest, message) => {
      expect(said(await admin.create(manifest, { dryRun: "All" }))).toContain(message);
    });

    test.each(ADMITTED_ROUTES)("let %s through", async (_, manifest) => {
      expect(said(await admin.create(manifest, { dryRun: "All" }))).toBe("201");
    });
  });
});

/** Kinds are served some moments after their definitions. */
async function untilServed(admin: ApiClient): Promise<void> {
  for (const { metadata } of DEFINITIONS) {
    const [plural, ...group] = metadata.name.split(".");
    const path = `/apis/${group.join(".")}/v1`;
    const deadline = Date.now() + 60_000;
    const names = async (): Promise<unknown> => (await admin.get(path)).body["resources"];
    while (!JSON.stringify((await names()) ?? []).includes(`"name":"${String(plural)}"`)) {
      if (Date.now() > deadline) throw new Error(`${metadata.name} is not served`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
