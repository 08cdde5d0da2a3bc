/** The ingress controllers: Traefik's settings, what a migration passes on, and ports that are no pages. */
import { App } from "cdk8s";
import { environments } from "../../../catalog";
import { isOwner, type EnvironmentConfig } from "../../../environment/config";
import { INGRESS_CLASS } from "../../../environment/ingress-controller";
import { IngressChart } from "../../../platform/cluster/ingress/chart";
import type { Stream } from "../../../platform/cluster/ingress/streams";
import { IngressEntryChart } from "../../../platform/cluster/ingress-entry/chart";
import { IngressNginxChart } from "../../../platform/cluster/ingress-nginx/chart";
import { TraefikChart, type TraefikChartProps } from "../../../platform/cluster/traefik/chart";
import { traefikRoutes } from "../../../platform/cluster/traefik/routes";
import {
  chartsOf,
  containersOf,
  ofKind,
  planned,
  renderChart,
  specsOf,
  type Manifest,
} from "../../apps/manifests";
import { outline } from "../../apps/outline";
import { changed, configOf, ownerBase, tenantBase } from "../../environment/configs";

const HOSTS = ["lab.example.org", "*.lab.example.org"];
const STREAMS: readonly Stream[] = [
  { protocol: "tcp", nodePort: 30022, service: { namespace: "git", name: "gitea", port: 22 } },
  { protocol: "udp", nodePort: 30053, service: { namespace: "dns", name: "bind", port: 53 } },
];

function traefik(props: Partial<TraefikChartProps> = {}): Manifest[] {
  return renderChart(new TraefikChart(new App(), "traefik", { environment: "prod", hosts: HOSTS, ...props }))
    .manifests;
}

function nginx(props: Partial<ConstructorParameters<typeof IngressNginxChart>[2]> = {}): Manifest[] {
  return renderChart(new IngressNginxChart(new App(), "nginx", { environment: "prod", ...props })).manifests;
}

function controllerOf(manifests: readonly Manifest[], name: string): Manifest {
  const found = manifests.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name);
  if (found === undefined) throw new Error(`no Deployment ${name}`);
  return found;
}

function argumentsOf(manifests: readonly Manifest[], name: string): readonly string[] {
  return containersOf(controllerOf(manifests, name))[0]?.args ?? [];
}

function portsOf(manifests: readonly Manifest[], name: string): readonly unknown[] {
  return containersOf(controllerOf(manifests, name))[0]?.ports ?? [];
}

test("Traefik as it stands", () => {
  expect(outline(traefik())).toMatchSnapshot();
});

describe("no path with authentication is served without it, because Traefik", () => {
  const args = argumentsOf(traefik(), "traefik");
  const of = (prefix: string): readonly string[] => args.filter((each) => each.startsWith(prefix));

  test("reads Ingresses by the provider that honours their annotations, and by no other one", () => {
    expect(of("--providers.kubernetesIngressNGINX=")).toEqual(["--providers.kubernetesIngressNGINX=true"]);
    expect(args.filter((each) => /^--providers\.kubernetes(ingress|crd|gateway)[=.]/i.test(each))).toEqual(
      [],
    );
  });

  test("serves the class whose controller that provider expects", () => {
    const { manifests } = renderChart(new IngressChart(new App(), "ingress", { environment: "prod" }));
    expect(specsOf(manifests, "IngressClass")[0]?.spec.controller).toBe("k8s.io/ingress-nginx");
    expect(of("--providers.kubernetesIngressNGINX.controllerClass=")).toEqual([
      "--providers.kubernetesIngressNGINX.controllerClass=k8s.io/ingress-nginx",
    ]);
    expect(INGRESS_CLASS.controller).toBe("k8s.io/ingress-nginx");
  });

  test("attaches routes to its two entry points for pages, and not to that of health and metrics", () => {
    expect(of("--providers.kubernetesIngressNGINX.http")).toEqual([
      "--providers.kubernetesIngressNGINX.httpEntryPoint=web",
      "--providers.kubernetesIngressNGINX.httpsEntryPoint=websecure",
    ]);
    expect(of("--api")).toEqual([]);
  });

  test("drops an Ingress with a snippet or a pattern in a plain path, as it does by itself", () => {
    expect(args.join(" ")).not.toMatch(/allowSnippetAnnotations|strictValidatePathType/);
  });

  test("counts bodies", () => {
    expect(of("--providers.kubernetesIngressNGINX.proxyRequestBuffering=")[0]).toMatch(/=true$/);
    expect(of("--providers.kubernetesIngressNGINX.proxyBodySize=")[0]).toMatch(/=1048576$/);
  });
});

test("Traefik takes the PROXY protocol from the networks that send it, on both ports", () => {
  const trusted = (args: readonly string[]): readonly string[] =>
    args.filter((each) => each.includes("proxyProtocol"));
  expect(trusted(argumentsOf(traefik(), "traefik"))).toEqual([]);
  expect(trusted(argumentsOf(traefik({ proxies: ["10.0.0.0/24", "10.244.0.0/16"] }), "traefik"))).toEqual([
    "--entryPoints.web.proxyProtocol.trustedIPs=10.0.0.0/24,10.244.0.0/16",
    "--entryPoints.websecure.proxyProtocol.trustedIPs=10.0.0.0/24,10.244.0.0/16",
  ]);
});

test("limits reach both controllers", () => {
  const limits = {
    bodySize: "2Gi",
    timeouts: { connectSeconds: 7, readSeconds: 300, sendSeconds: 120 },
  } as const;
  expect(ofKind(nginx({ limits }), "ConfigMap")[0]).toMatchObject({
    data: {
      "proxy-body-size": "2g",
      "proxy-connect-timeout": "7",
      "proxy-read-timeout": "300",
      "proxy-send-timeout": "120",
    },
  });
  expect(argumentsOf(traefik({ limits }), "traefik")).toEqual(
    expect.arrayContaining(
      [
        "proxyBodySize=2147483648",
        "proxyConnectTimeout=7",
        "proxyReadTimeout=300",
        "proxySendTimeout=120",
      ].map((each) => `--providers.kubernetesIngressNGINX.${each}`),
    ),
  );
});

describe("ports that are no pages", () => {
  const numbers = [
    { name: "tcp-30022", containerPort: 30022, protocol: "TCP" },
    { name: "udp-30053", containerPort: 30053, protocol: "UDP" },
  ];

  test("ingress-nginx has them in ConfigMap, argument and container", () => {
    const manifests = nginx({ streams: STREAMS });
    const data = Object.fromEntries(
      ofKind(manifests, "ConfigMap").map(({ metadata, data }) => [metadata.name, data]),
    );
    expect(data).toMatchObject({
      "tcp-services": { "30022": "git/gitea:22" },
      "udp-services": { "30053": "dns/bind:53" },
    });
    expect(argumentsOf(manifests, "ingress-nginx-controller")).toEqual(
      expect.arrayContaining([
        "--tcp-services-configmap=$(POD_NAMESPACE)/tcp-services",
        "--udp-services-configmap=$(POD_NAMESPACE)/udp-services",
      ]),
    );
    expect(portsOf(manifests, "ingress-nginx-controller")).toEqual(expect.arrayContaining(numbers));
  });

  test("without any, ingress-nginx is as it was", () => {
    const manifests = nginx();
    expect(ofKind(manifests, "ConfigMap")).toHaveLength(1);
    expect(argumentsOf(manifests, "ingress-nginx-controller").join(" ")).not.toContain("services-configmap");
  });

  test("Traefik has them as entry points, routes and ports of its container", () => {
    const manifests = traefik({ streams: STREAMS });
    expect(argumentsOf(manifests, "traefik")).toEqual(
      expect.arrayContaining([
        "--entryPoints.tcp-30022.address=:30022/tcp",
        "--entryPoints.udp-30053.address=:30053/udp",
      ]),
    );
    expect(portsOf(manifests, "traefik")).toEqual(expect.arrayContaining(numbers));
    expect(traefikRoutes({ streams: STREAMS })).toMatchObject({
      tcp: {
        routers: { "tcp-30022": { entryPoints: ["tcp-30022"], rule: "HostSNI(`*`)", service: "tcp-30022" } },
        services: {
          "tcp-30022": { loadBalancer: { servers: [{ address: "gitea.git.svc.cluster.local:22" }] } },
        },
      },
      udp: {
        routers: { "udp-30053": { entryPoints: ["udp-30053"], service: "udp-30053" } },
        services: {
          "udp-30053": { loadBalancer: { servers: [{ address: "bind.dns.svc.cluster.local:53" }] } },
        },
      },
    });
  });

  test("the entry has them in a Service of their own", () => {
    const props = { environment: "prod", http: 30080, https: 30443, streams: STREAMS };
    const { manifests } = renderChart(new IngressEntryChart(new App(), "entry", props));
    expect(specsOf(manifests, "Service").map(({ metadata }) => metadata.name)).toEqual([
      "ingress-nginx-prod",
      "ingress-streams-prod",
    ]);
    expect(specsOf(manifests, "Service")[1]?.spec.ports).toEqual([
      { name: "tcp-30022", port: 30022, nodePort: 30022, targetPort: 30022, protocol: "TCP" },
      { name: "udp-30053", port: 30053, nodePort: 30053, targetPort: 30053, protocol: "UDP" },
    ]);
  });

  test("a published port with a Service is answered by the controller, and opened as any other one", () => {
    const service = { namespace: "git", name: "gitea", port: 22 };
    const config = configOf("lab", changed(ownerBase(), { "ports.published.git.service": service }));
    const { plan, parts } = environments.plan(config);
    const stream = [{ protocol: "tcp", nodePort: 30022, service }];
    expect(parts["ingress-nginx"]).toMatchObject({ streams: stream });
    expect(parts["ingress-entry"]).toMatchObject({ streams: stream });
    expect(plan.ports).toContainEqual(
      expect.objectContaining({ name: "git", external: 2222, backend: 30022, service }),
    );
    expect(environments.check(config).map(({ id }) => id)).not.toContain("port.unclaimed");
  });
});

describe("the migration", () => {
  const stage = (ingress: object | undefined): EnvironmentConfig =>
    configOf("lab", changed(ownerBase(), ingress === undefined ? {} : { ingress }));
  const STAGES = {
    before: undefined,
    beside: { kind: "traefik", migration: {} },
    moving: { kind: "traefik", migration: { moved: ["datalabs.lab.example.org"] } },
    all: { kind: "traefik", migration: { moved: ["datalabs.lab.example.org"], all: true } },
    after: { kind: "traefik" },
  } as const;
  const settingOf = (ingress: object | undefined) => {
    const { fixedSettings } = environments.plan(stage(ingress)).plan;
    const setting = fixedSettings.find(({ path }) => path === "ingress.kind");
    return { value: setting?.value ?? "", free: setting?.free ?? [] };
  };

  test("each step is allowed forwards, and backwards until ingress-nginx is gone; no step may be left out", () => {
    const names = Object.keys(STAGES) as (keyof typeof STAGES)[];
    const allowed = names.flatMap((from) =>
      names
        .filter((to) => from !== to && settingOf(STAGES[to]).free.includes(settingOf(STAGES[from]).value))
        .map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual([
      "before → beside",
      "beside → before",
      "beside → moving",
      "beside → all",
      "moving → beside",
      "moving → all",
      "all → moving",
      "all → after",
    ]);
  });

  test("both run until the end, and the entry leads to Traefik as soon as one host is moved", () => {
    const of = (ingress: object | undefined) => {
      const { plan, parts } = environments.plan(stage(ingress));
      const running = ["ingress-nginx", "traefik"].filter((key) => key in parts);
      return `${running.join(", ")}: ${plan.cluster.ingress.entry ?? ""}, ${String(plan.cluster.ingress.pods.length)}`;
    };
    expect(Object.values(STAGES).map(of)).toEqual([
      "ingress-nginx: ingress-nginx-controller, 1",
      "ingress-nginx, traefik: ingress-nginx-controller, 2",
      "ingress-nginx, traefik: traefik, 2",
      "ingress-nginx, traefik: traefik, 2",
      "traefik: traefik, 1",
    ]);
  });

  test("a tenant's entry and its policies follow the owner's file", () => {
    const owner = stage(STAGES.moving);
    const { parts } = environments.plan(configOf("test", tenantBase()), owner);
    expect(parts["ingress-entry"]).toMatchObject({ controller: "traefik" });
    const policies = chartsOf({ parts })
      .flatMap((chart) => renderChart(chart).manifests)
      .filter(({ kind }) => kind === "NetworkPolicy");
    const admitted = JSON.stringify(policies);
    expect(admitted).toContain('"app.kubernetes.io/name":"ingress-nginx-controller"');
    expect(admitted).toContain('"app.kubernetes.io/name":"traefik"');
  });

  test("the owner's rules for a tenant admit an entry to the controller that is in front", () => {
    const owner = planned("prod").config;
    if (!isOwner(owner)) throw new Error("prod owns its cluster");
    const ingress = { ...owner.ingress, kind: "traefik" as const };
    expect(environments.plan({ ...owner, ingress }).parts["tenants"]).toMatchObject({
      controller: "traefik",
    });
  });

  test("Traefik passes on what it does not serve: by name in TLS, else by name in HTTP, before its own routes", () => {
    const migration = { moved: ["a.example.org"], service: "ingress-nginx-passed", proxyProtocol: true };
    expect(traefikRoutes({ streams: [], migration })).toMatchSnapshot();
    expect(ofKind(nginx({ behindTraefik: true }), "Service")).toContainEqual(
      expect.objectContaining({ metadata: expect.objectContaining({ name: migration.service }) as unknown }),
    );
  });
});

test("cert-manager orders the default certificate, in place of the program", () => {
  const certificate = {
    kind: "issuer",
    issuer: { kind: "ClusterIssuer", name: "letsencrypt" },
    hosts: HOSTS,
  } as const;
  const { manifests } = renderChart(
    new IngressChart(new App(), "ingress", { environment: "prod", certificate }),
  );
  expect(ofKind(manifests, "Secret")).toEqual([]);
  expect(ofKind(manifests, "Certificate")[0]).toMatchObject({
    apiVersion: "cert-manager.io/v1",
    metadata: { name: "tls-secret", namespace: "kube-system" },
    spec: {
      secretName: "tls-secret",
      dnsNames: HOSTS,
      issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
    },
  });
});

test("with an issuer the program makes no certificate, and asks for the hosts of owner and tenants", () => {
  const ingress = { certificate: "issuer", issuer: { name: "letsencrypt" } };
  const { plan, parts } = environments.plan(configOf("lab", changed(ownerBase(), { ingress })));
  expect(plan.secrets.map(({ name }) => name)).not.toContain("ingress.default-certificate");
  expect(parts["ingress"]).toMatchObject({
    certificate: { kind: "issuer", hosts: ["lab.example.org", "*.lab.example.org"] },
  });
});
