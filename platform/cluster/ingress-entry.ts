/** Where an environment's load balancer reaches the shared ingress controller: a NodePort Service of its own. */
import { ApiObject, Chart, JsonPatch } from "cdk8s";
import { Pods, Protocol, Service, ServiceType, type ServicePort } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import type { EnvironmentPlan, PortPlan } from "../../environment/plan/types";
import { INGRESS_NGINX, labelsOf, selectorOf } from "../../kit";

export class IngressEntryChart extends Chart {
  readonly service: Service;

  constructor(scope: Construct, id: string, plan: Pick<EnvironmentPlan, "environment" | "ports">) {
    super(scope, id);
    const name = `ingress-nginx-${plan.environment}`;
    const identity = { name, partOf: "ingress-nginx", component: "entry", environment: plan.environment };
    this.service = new Service(this, "Service", {
      metadata: { name, namespace: INGRESS_NGINX.namespace, labels: { ...labelsOf(identity) } },
      type: ServiceType.NODE_PORT,
      selector: Pods.select(this, "Controller", {
        labels: { ...selectorOf({ name: INGRESS_NGINX.controller }) },
      }),
      ports: plan.ports
        .filter(({ purpose, environment }) => purpose === "ingress" && environment === plan.environment)
        .map(servicePort),
    });
    // Every worker answers, whether it runs a controller or not: load balancers list them all.
    ApiObject.of(this.service).addJsonPatch(JsonPatch.add("/spec/externalTrafficPolicy", "Cluster"));
  }
}

/** The controller listens on the ports that clients use. */
function servicePort({ name, external, backend }: PortPlan): ServicePort {
  return { name, port: external, targetPort: external, nodePort: backend, protocol: Protocol.TCP };
}
