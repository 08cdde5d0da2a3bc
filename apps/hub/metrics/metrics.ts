/** What a scraper of a hub's metrics needs: annotated Services, a policy, and the token in a Secret of its own. */
import { Secret, type Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { secretValue } from "../../../environment/secrets";
import { FlowPolicy, metadataOf, PodService } from "../../../kit";
import { COMPONENTS, identityOf, PORTS } from "../names";
import type { HubPlan } from "../plan";
import { metricsToken } from "../secrets";
import { proxyMetrics, PROXY_METRICS_PORT } from "./endpoints";

/** Of the Secret with the token: only that, so that a scraper reads nothing else of the hub. */
export const METRICS_SECRET = "hub-metrics";

export class Metrics extends Construct {
  /** @param hub the Service in front of the hub */
  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
    hub: Service,
  ) {
    super(scope, id);
    const { namespace, path, name } = plan;
    annotate(hub, `${path}hub/metrics`, PORTS.hub);
    annotate(this.ofProxy(), "/metrics", PROXY_METRICS_PORT);
    new Secret(this, "Token", {
      metadata: metadataOf(identityOf(plan, METRICS_SECRET, "secret"), namespace),
      immutable: false,
      stringData: { token: secretValue(metricsToken(name)).toString() },
    });
  }

  private ofProxy(): Service {
    const { namespace, flows, cluster } = this.plan;
    const service = "proxy-metrics";
    new FlowPolicy(this, "Policy", {
      ...identityOf(this.plan, service, "policy"),
      endpoint: proxyMetrics(namespace),
      flows,
      cluster,
    });
    return new PodService(this, "Service", {
      ...identityOf(this.plan, COMPONENTS.proxy, COMPONENTS.proxy),
      namespace,
      workload: COMPONENTS.proxy,
      service: { name: service, ports: [{ name: "metrics", port: PROXY_METRICS_PORT }] },
    }).service;
  }
}

/** zero-to-jupyterhub's annotations of its hub. */
function annotate(service: Service, path: string, port: number): void {
  service.metadata.addAnnotation("prometheus.io/scrape", "true");
  service.metadata.addAnnotation("prometheus.io/path", path);
  service.metadata.addAnnotation("prometheus.io/port", String(port));
}
