/** The proxy: configurable-http-proxy, which leads requests to the hub or to a person's server. */
import type { Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import {
  Controller,
  NOBODY,
  pinnedImage,
  PodService,
  type ContainerSpec,
  type Environment,
  type Identity,
  type NamedPort,
} from "../../kit";
import { PROXY_METRICS_PORT } from "./metrics/endpoints";
import { accessLabels, COMPONENTS, identityOf, jupyterLabels, PORTS, PUBLIC_PORT, SERVICES } from "./names";
import { coreScheduling } from "./node-purposes";
import type { HubPlan } from "./plan";
import type { HubSecrets } from "./secret-objects";

export class ProxyWorkload extends Construct {
  readonly controller: Controller;
  /** Where the ingress sends people. */
  readonly service: Service;
  private readonly identity: Identity;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
    secrets: HubSecrets,
  ) {
    super(scope, id);
    this.identity = identityOf(plan, COMPONENTS.proxy, COMPONENTS.proxy);
    this.controller = new Controller(this, "Proxy", {
      ...this.identity,
      ...coreScheduling(plan),
      namespace: plan.namespace,
      replicas: 1,
      // Its routes are in its memory: a second one would know none of them.
      update: "recreate",
      podLabels: { ...jupyterLabels("proxy"), ...accessLabels(["hub", "server"]) },
      // Open notebooks have time to end their requests.
      stopSeconds: 60,
      containers: [container(plan, secrets.ofProxy)],
    });
    this.service = this.inFront(SERVICES.proxy, { name: "http", port: PUBLIC_PORT, targetPort: PORTS.proxy });
    this.inFront(SERVICES.proxyApi, { name: "api", port: PORTS.proxyApi });
  }

  private inFront(name: string, port: NamedPort): Service {
    const { service } = new PodService(this, name, {
      ...this.identity,
      namespace: this.plan.namespace,
      workload: COMPONENTS.proxy,
      service: { name, ports: [port] },
    });
    return service;
  }
}

function container({ images, path, metrics }: HubPlan, token: Environment): ContainerSpec {
  const hub = `http://${SERVICES.hub}:${PORTS.hub}`;
  const health = { kind: "http", path: "/_chp_healthz", port: PORTS.proxy } as const;
  return {
    name: "chp",
    image: pinnedImage(images.proxy),
    command: ["configurable-http-proxy"],
    args: [
      "--ip=0.0.0.0",
      `--port=${PORTS.proxy}`,
      "--api-ip=0.0.0.0",
      `--api-port=${PORTS.proxyApi}`,
      `--default-target=${hub}`,
      `--error-target=${hub}${path}hub/error`,
      ...(metrics === undefined ? [] : ["--metrics-ip=0.0.0.0", `--metrics-port=${PROXY_METRICS_PORT}`]),
    ],
    ports: {
      http: PORTS.proxy,
      api: PORTS.proxyApi,
      ...(metrics === undefined ? {} : { metrics: PROXY_METRICS_PORT }),
    },
    env: token,
    resources: {
      request: { cpuMillis: 100, memoryMiB: 128 },
      limit: { cpuMillis: 1000, memoryMiB: 512 },
    },
    user: NOBODY,
    probes: {
      kind: "both",
      readiness: { ...health, period: 2 },
      liveness: { ...health, delay: 60, failures: 30 },
    },
  };
}
