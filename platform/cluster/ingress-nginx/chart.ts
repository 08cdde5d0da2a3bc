/**
 * The one ingress controller of a cluster, shared by its environments: community ingress-nginx in kube-system, a
 * default backend for hosts without an Ingress, and a default certificate. Its admission webhook is omitted: it needs a
 * certificate that outlives the controller, and a broken webhook would refuse every Ingress.
 */
import { Chart, type App } from "cdk8s";
import { ConfigMap, EnvFieldPaths, EnvValue, k8s, Secret } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { defaultCertificateValues } from "../../../environment/secrets";
import {
  HELPER_RESOURCES,
  INGRESS_NGINX,
  labelsOf,
  NOBODY,
  pinnedImage,
  ReplicatedService,
  type ContainerSpec,
  type Identity,
  type Probes,
} from "../../../kit";
import { IngressAccess, LEADER_LEASE } from "./access";
import { IMAGES } from "./images";

const { namespace } = INGRESS_NGINX;
const BACKEND = { name: "ingress-default-backend", port: 8000 } as const;
/** Health and metrics. */
const METRICS_PORT = 10254;

export interface IngressNginxChartProps {
  readonly environment: string;
  /** Whether connections must start with the PROXY protocol's header; others are refused. @default false */
  readonly proxyProtocol?: boolean;
}

/** The one ingress controller of the cluster, with its default certificate and backend. */
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
    this.ingressClass();
    this.certificate();
    this.configuration();
    this.backend = this.defaultBackend();
    this.controller = new ReplicatedService(this, "Controller", {
      ...this.identity(INGRESS_NGINX.controller, "controller"),
      namespace,
      replicas: 2,
      serviceAccount: access.account.name,
      // Open connections, such as a notebook's, get five minutes to end.
      stopSeconds: 300,
      containers: [controllerContainer()],
      service: { name: "ingress-nginx-metrics", port: METRICS_PORT, targetPort: METRICS_PORT },
    });
  }

  private ingressClass(): void {
    const name = INGRESS_NGINX.className;
    new k8s.KubeIngressClass(this, "IngressClass", {
      metadata: { name, labels: this.labelsFor(name, "controller") },
      spec: { controller: "k8s.io/ingress-nginx" },
    });
  }

  private certificate(): void {
    const name = INGRESS_NGINX.certificateSecret;
    const { certificate, key } = defaultCertificateValues;
    new Secret(this, "Certificate", {
      metadata: { name, namespace, labels: this.labelsFor(name, "certificate") },
      type: "kubernetes.io/tls",
      immutable: false,
      stringData: { "tls.crt": certificate.toString(), "tls.key": key.toString() },
    });
  }

  private configuration(): void {
    const name = INGRESS_NGINX.controller;
    new ConfigMap(this, "Configuration", {
      metadata: { name, namespace, labels: this.labelsFor(name, "controller") },
      immutable: false,
      data: {
        // A snippet runs code inside the controller that all environments share.
        "allow-snippet-annotations": "false",
        "server-tokens": "false",
        "ssl-redirect": "true",
        "worker-shutdown-timeout": "240s",
        ...(this.props.proxyProtocol === true ? { "use-proxy-protocol": "true" } : {}),
      },
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

  private labelsFor(name: string, component: string): Record<string, string> {
    return { ...labelsOf(this.identity(name, component)) };
  }
}

export function ingressNginxCharts(scope: App, plan: IngressNginxChartProps): void {
  new IngressNginxChart(scope, "ingress-nginx", plan);
}

function controllerContainer(): ContainerSpec {
  return {
    name: "controller",
    image: pinnedImage(IMAGES.controller),
    args: [
      "/nginx-ingress-controller",
      `--election-id=${LEADER_LEASE}`,
      "--controller-class=k8s.io/ingress-nginx",
      `--ingress-class=${INGRESS_NGINX.className}`,
      `--configmap=$(POD_NAMESPACE)/${INGRESS_NGINX.controller}`,
      `--default-backend-service=$(POD_NAMESPACE)/${BACKEND.name}`,
      `--default-ssl-certificate=$(POD_NAMESPACE)/${INGRESS_NGINX.certificateSecret}`,
      // Seconds to keep serving while all nodes remove the endpoint; with the default 0 new connections are refused.
      "--shutdown-grace-period=10",
    ],
    ports: { http: 80, https: 443, metrics: METRICS_PORT },
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
