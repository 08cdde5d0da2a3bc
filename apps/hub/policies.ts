/**
 * Network policies of a hub. Those of flows admit what the program itself runs; those of access labels what people add,
 * by zero-to-jupyterhub's labels. The namespace denies all other traffic.
 */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { Endpoint } from "../../environment/parts/flows";
import { FlowPolicy, metadataOf, selectorOf } from "../../kit";
import { notPublic } from "./networks";
import { ACCESS_LABELS, COMPONENTS, endpointsOf, identityOf } from "./names";
import type { HubPlan } from "./plan";

export class HubPolicies extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
  ) {
    super(scope, id);
    const endpoints = endpointsOf(plan.namespace);
    for (const [key, endpoint] of Object.entries(endpoints)) this.byFlows(key, endpoint);
    for (const [key, label] of Object.entries(ACCESS_LABELS))
      this.byLabel(key, endpoints[key as keyof typeof endpoints], label);
    if (plan.internet) this.internet();
  }

  private byFlows(key: string, endpoint: Endpoint): void {
    const { flows, cluster } = this.plan;
    new FlowPolicy(this, `Flows-${key}`, {
      ...identityOf(this.plan, nameOf(key), "policy"),
      endpoint,
      flows,
      cluster,
    });
  }

  private byLabel(key: string, endpoint: Endpoint, label: string): void {
    new k8s.KubeNetworkPolicy(this, `Label-${key}`, {
      metadata: metadataOf(identityOf(this.plan, `${nameOf(key)}-by-label`, "policy"), this.plan.namespace),
      spec: {
        podSelector: { matchLabels: { ...selectorOf(endpoint) } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { [label]: "true" } } }],
            ports: [{ protocol: "TCP", port: k8s.IntOrString.fromNumber(endpoint.port) }],
          },
        ],
      },
    });
  }

  /** Servers reach public addresses: neither nodes, Services and other pods, nor the cloud's metadata. */
  private internet(): void {
    const { cluster, namespace } = this.plan;
    new k8s.KubeNetworkPolicy(this, "Internet", {
      metadata: metadataOf(identityOf(this.plan, "singleuser-internet", "policy"), namespace),
      spec: {
        podSelector: { matchLabels: { ...selectorOf({ name: COMPONENTS.server }) } },
        policyTypes: ["Egress"],
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...notPublic(cluster)] } }] }],
      },
    });
  }
}

/** `proxyApi` → `proxy-api`. */
function nameOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
