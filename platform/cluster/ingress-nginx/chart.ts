/**
 * Community ingress-nginx in kube-system, shared by the environments of a cluster, with a default backend for hosts
 * without an Ingress. Its admission webhook is omitted: it needs a certificate that outlives the controller, and a
 * broken webhook would refuse every Ingress.
 */
import { Chart, type App } from "cdk8s";
import { ConfigMap, EnvFieldPaths, EnvValue } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { INGRESS_CLASS, INGRESS_NAMESPACE, INGRESS_WORKLOADS } from "../../../environment/ingress-controller";

import { INGRESS_CERTIFICATE } from "../../../environment/secrets";
import {
  HELPER_RESOURCES,
  metadataOf,
  NOBODY,
  pinnedImage,
  PodService,
  ReplicatedService,
  type ContainerSpec,
  type Identity,
  type Probes,
} from "../../../kit";
import { DEFAULT_LIMITS, nginxSize, type RequestLimits } from "../../../environment/request-limits";
import { PASSED_SERVICE } from "../ingress/migration";
import { STREAM_PROTOCOLS, streamPorts, type Stream } from "../ingress/streams";
import { IngressAccess, LEADER_LEASE } from "./access";
import { IMAGES } from "./images";

const NAME = INGRESS_WORKLOADS["ingress-nginx"];
const namespace = INGRESS_NAMESPACE;
const BACKEND = { name: "ingress-default-backend", port: 8000 } as const;
/** Health and metrics. */
const METRICS_PORT = 10254;

export interface IngressNginxChartProps {
  readonly environment: string;
  /** Whether connections must start with the PROXY protocol's header; others are refused. @default false */
  readonly proxyProtocol?: boolean;
  /** For routes that set none of their own. @default nginx's own */
  readonly limits?: RequestLimits;
  /** Ports whose connections are forwarded as they are. @default none */
  readonly streams?: readonly Stream[];
  /** Whether Traefik passes it the requests of hosts that are not moved yet. @default false */
  readonly behindTraefik?: boolean;
}

/** ingress-nginx with its default backend. */
export class IngressNginxChart extends Chart {
  readonly controller: ReplicatedService;
  readonly backend: ReplicatedService;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: IngressNginxChartProps,
  ) {
    super(scope, id);
    const access = new IngressAccess(this, "Access", this.identity("ingress-nginx", "controller"));
    this.configuration();
    for (const protocol of STREAM_PROTOCOLS) this.streams(protocol);
    if (props.behindTraefik === true) this.passedRequests();
    this.backend = this.defaultBackend();
    this.controller = new ReplicatedService(this, "Controller", {
      ...this.identity(NAME, "controller"),
      namespace,
      replicas: 2,
      serviceAccount: access.account.name,
      // Open connections, such as a notebook's, get five minutes to end.
      stopSeconds: 300,
      containers: [controllerContainer(this.props.streams ?? [])],
      service: { name: "ingress-nginx-metrics", port: METRICS_PORT, targetPort: METRICS_PORT },
    });
  }

  private passedRequests(): void {
    const name = PASSED_SERVICE;
    new PodService(this, "Passed", {
      ...this.identity(name, "entry"),
      namespace,
      workload: NAME,
      service: { name, port: 443, targetPort: 443 },
    });
  }

  private configuration(): void {
    const { bodySize, timeouts } = this.props.limits ?? DEFAULT_LIMITS;
    new ConfigMap(this, "Configuration", {
      metadata: metadataOf(this.identity(NAME, "controller"), namespace),
      immutable: false,
      data: {
        // A snippet runs code inside the controller that all environments share.
        "allow-snippet-annotations": "false",
        "server-tokens": "false",
        "ssl-redirect": "true",
        "worker-shutdown-timeout": "240s",
        "proxy-body-size": nginxSize(bodySize),
        "proxy-connect-timeout": String(timeouts.connectSeconds),
        "proxy-read-timeout": String(timeouts.readSeconds),
        "proxy-send-timeout": String(timeouts.sendSeconds),
        ...(this.props.proxyProtocol === true ? { "use-proxy-protocol": "true" } : {}),
      },
    });
  }

  /** The Services behind ports that are no pages, by port. */
  private streams(protocol: Stream["protocol"]): void {
    const streams = (this.props.streams ?? []).filter((each) => each.protocol === protocol);
    if (streams.length === 0) return;
    new ConfigMap(this, `${protocol}Streams`, {
      metadata: metadataOf(this.identity(STREAM_CONFIG[protocol], "controller"), namespace),
      immutable: false,
      data: Object.fromEntries(
        streams.map(({ nodePort, service }) => [
          String(nodePort),
          `${service.namespace}/${service.name}:${String(service.port)}`,
        ]),
      ),
    });
  }

  private defaultBackend(): ReplicatedService {
    return new ReplicatedService(this, "DefaultBackend", {
      ...this.identity(BACKEND.name, "default-backend"),
      namespace,
      replicas: 1,
      containers: [backendContainer()],
      service: { name: BACKEND.name, port: 80, targetPort: BACKEND.port },
    });
  }

  private identity(name: string, component: string): Identity {
    return { name, partOf: "ingress-nginx", component, environment: this.props.environment };
  }
}

export function ingressNginxCharts(scope: App, plan: IngressNginxChartProps): void {
  new IngressNginxChart(scope, "ingress-nginx", plan);
}

const STREAM_CONFIG: Readonly<Record<Stream["protocol"], string>> = {
  tcp: "tcp-services",
  udp: "udp-services",
};

function controllerContainer(streams: readonly Stream[]): ContainerSpec {
  return {
    name: "controller",
    image: pinnedImage(IMAGES.controller),
    args: [
      "/nginx-ingress-controller",
      `--election-id=${LEADER_LEASE}`,
      `--controller-class=${INGRESS_CLASS.controller}`,
      `--ingress-class=${INGRESS_CLASS.name}`,
      `--configmap=$(POD_NAMESPACE)/${NAME}`,
      `--default-backend-service=$(POD_NAMESPACE)/${BACKEND.name}`,
      `--default-ssl-certificate=$(POD_NAMESPACE)/${INGRESS_CERTIFICATE.name}`,
      // Seconds to keep serving while all nodes remove the endpoint; with the default 0 new connections are refused.
      "--shutdown-grace-period=10",
      ...STREAM_PROTOCOLS.filter((each) => streams.some(({ protocol }) => protocol === each)).map(
        (each) => `--${each}-services-configmap=$(POD_NAMESPACE)/${STREAM_CONFIG[each]}`,
      ),
    ],
    ports: { http: 80, https: 443, metrics: METRICS_PORT, ...streamPorts(streams) },
    env: {
      POD_NAME: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAME),
      POD_NAMESPACE: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAMESPACE),
    },
    mounts: [{ kind: "serviceAccount" }],
    resources: { request: { cpuMillis: 100, memoryMiB: 256 }, limit: { cpuMillis: 1000, memoryMiB: 1024 } },
    // www-data of the image.
    user: { uid: 101, gid: 82 },
    probes: httpProbes("/healthz", METRICS_PORT, 10),
    lifecycle: { preStop: { kind: "command", command: ["/wait-shutdown"] } },
    security: {
      reason:
        "nginx carries the file capability to listen on 80 and 443, and writes its configuration beside the image's own files",
      allow: ["netBindService", "writableRootFilesystem"],
    },
  };
}

function backendContainer(): ContainerSpec {
  return {
    name: "default-backend",
    image: pinnedImage(IMAGES.defaultBackend),
    args: [`--port=${BACKEND.port}`],
    ports: { http: BACKEND.port },
    resources: HELPER_RESOURCES,
    user: NOBODY,
    probes: httpProbes("/healthz", BACKEND.port, 5),
  };
}

/** For servers whose health endpoint reports only on themselves. */
function httpProbes(path: string, port: number, delay: number): Probes {
  const probe = { kind: "http", path, port, delay } as const;
  return { kind: "both", readiness: probe, liveness: { ...probe, failures: 5 } };
}
