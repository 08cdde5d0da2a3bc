/**
 * Traefik in kube-system, shared by the environments of a cluster: it serves Ingresses as they are written for
 * ingress-nginx. Hosts without an Ingress get its own 404.
 */
import { Chart, type App } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { INGRESS_CLASS, INGRESS_NAMESPACE, INGRESS_WORKLOADS } from "../../../environment/ingress-controller";
import { INGRESS_CERTIFICATE } from "../../../environment/secrets";
import {
  ConfigFile,
  json,
  Naming,
  NOBODY,
  pinnedImage,
  ReplicatedService,
  type ContainerSpec,
} from "../../../kit";
import { DEFAULT_LIMITS, type RequestLimits } from "../../../environment/request-limits";
import { streamPorts, type Stream } from "../ingress/streams";
import { TraefikAccess } from "./access";
import {
  ACCEPT_AFTER_END,
  CLOSE_AFTER_END,
  ENTRY_POINTS,
  METRICS,
  ROUTES_FILE,
  traefikArguments,
} from "./arguments";
import { IMAGES } from "./images";
import { traefikRoutes, type Migration } from "./routes";

const NAME = INGRESS_WORKLOADS.traefik;
const namespace = INGRESS_NAMESPACE;
/** Seconds after its start in which Traefik reads all Ingresses; before, it answers 404. */
const READING = 10;

/** Traefik for the hosts of a cluster. */
export interface TraefikChartProps {
  readonly environment: string;
  /** Hosts in the default certificate. */
  readonly hosts: readonly string[];
  /** Networks from which connections start with the PROXY protocol's header. @default none: without the protocol */
  readonly proxies?: readonly string[];
  /** For routes that set none of their own. @default ingress-nginx's own */
  readonly limits?: RequestLimits;
  /** Ports whose connections are forwarded as they are. @default none */
  readonly streams?: readonly Stream[];
  /** Hosts, while ingress-nginx serves the others. @default Traefik serves every host */
  readonly migration?: Migration;
}

/** Traefik, which serves the Ingresses of ingress-nginx's class and annotations. */
export class TraefikChart extends Chart {
  readonly controller: ReplicatedService;

  constructor(scope: Construct, id: string, props: TraefikChartProps) {
    super(scope, id);
    const { environment, hosts, proxies = [], limits = DEFAULT_LIMITS, streams = [], migration } = props;
    const names = new Naming(NAME, environment);
    const identity = names.identity(NAME, "controller");
    const access = new TraefikAccess(this, "Access", identity);
    const routes = new ConfigFile(this, "Routes", {
      ...names.identity("traefik-routes", "controller"),
      namespace,
      key: "routes.json",
      content: json(traefikRoutes({ streams, ...(migration === undefined ? {} : { migration }) })),
    });
    this.controller = new ReplicatedService(this, "Controller", {
      ...identity,
      namespace,
      replicas: 2,
      serviceAccount: access.account.name,
      lowPorts: true,
      stopSeconds: ACCEPT_AFTER_END + CLOSE_AFTER_END + 10,
      containers: [container(routes, traefikArguments({ limits, streams, proxies }), streams)],
      service: { name: METRICS_SERVICE, port: METRICS.port, targetPort: METRICS.port },
    });
    this.certificate(names, hosts);
  }

  /**
   * Traefik reads certificates, and renewed ones, from the Secrets of Ingresses, and serves each for all hosts in it.
   * This Ingress is there for its Secret; its path leads to the port of metrics, which answers 404 there.
   */
  private certificate(names: Naming, hosts: readonly string[]): void {
    new k8s.KubeIngress(this, "Certificate", {
      metadata: names.metadata("traefik-default-certificate", "certificate", namespace),
      spec: {
        ingressClassName: INGRESS_CLASS.name,
        tls: [{ hosts: [...hosts], secretName: INGRESS_CERTIFICATE.name }],
        rules: [
          {
            http: {
              paths: [
                {
                  path: "/labstead-default-certificate",
                  pathType: "Prefix",
                  backend: { service: { name: METRICS_SERVICE, port: { number: METRICS.port } } },
                },
              ],
            },
          },
        ],
      },
    });
  }
}

const METRICS_SERVICE = "traefik-metrics";

export function traefikCharts(scope: App, plan: TraefikChartProps): void {
  new TraefikChart(scope, "traefik", plan);
}

function container(routes: ConfigFile, args: readonly string[], streams: readonly Stream[]): ContainerSpec {
  const probe = { kind: "http", path: "/ping", port: METRICS.port } as const;
  return {
    name: "traefik",
    image: pinnedImage(IMAGES.controller),
    args,
    ports: {
      http: ENTRY_POINTS.web,
      https: ENTRY_POINTS.websecure,
      metrics: METRICS.port,
      ...streamPorts(streams),
    },
    mounts: [
      { kind: "config", path: ROUTES_FILE, config: routes },
      // Bodies and answers that are taken as a whole, beyond what memory keeps of each.
      { kind: "scratch", path: "/tmp", sizeMiB: SCRATCH_MIB },
      { kind: "serviceAccount" },
    ],
    resources: { request: { cpuMillis: 100, memoryMiB: 256 }, limit: { cpuMillis: 1000, memoryMiB: 1024 } },
    user: NOBODY,
    probes: {
      kind: "both",
      readiness: { ...probe, delay: READING },
      liveness: { ...probe, delay: READING, failures: 5 },
    },
  };
}

const SCRATCH_MIB = 8192;
