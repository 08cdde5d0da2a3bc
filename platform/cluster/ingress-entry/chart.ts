/** Where an environment's load balancer reaches the shared ingress controller: a NodePort Service of its own. */
import { ApiObject, Chart, JsonPatch, type App } from "cdk8s";
import { Pods, Protocol, Service, ServiceType, type ServicePort } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { INGRESS_NGINX, Naming, selectorOf } from "../../../kit";

/** Name of an environment's entry in the controller's namespace. */
export function entryName(environment: string): string {
  return `ingress-nginx-${environment}`;
}

export interface IngressEntryProps {
  readonly environment: string;
  /** NodePort for HTTP. */
  readonly http: number;
  /** NodePort for HTTPS. */
  readonly https: number;
}

export class IngressEntry extends Construct {
  constructor(scope: Construct, id: string, { environment, http, https }: IngressEntryProps) {
    super(scope, id);
    const name = entryName(environment);
    const service = new Service(this, "Service", {
      metadata: new Naming("ingress-nginx", environment).metadata(name, "entry", INGRESS_NGINX.namespace),
      type: ServiceType.NODE_PORT,
      selector: Pods.select(this, "Controller", {
        labels: { ...selectorOf({ name: INGRESS_NGINX.controller }) },
      }),
      ports: [servicePort("http", 80, http), servicePort("https", 443, https)],
    });
    // Every worker answers, whether it runs a controller or not: load balancers list them all.
    ApiObject.of(service).addJsonPatch(JsonPatch.add("/spec/externalTrafficPolicy", "Cluster"));
  }
}

/** The controller listens on the ports that clients use. */
function servicePort(name: string, port: number, nodePort: number): ServicePort {
  return { name, port, targetPort: port, nodePort, protocol: Protocol.TCP };
}

/** The NodePort Service by which one environment comes to the shared ingress controller. */
export class IngressEntryChart extends Chart {
  constructor(scope: Construct, id: string, props: IngressEntryProps) {
    super(scope, id);
    new IngressEntry(this, "Entry", props);
  }
}

export function ingressEntryCharts(scope: App, plan: IngressEntryProps): void {
  new IngressEntryChart(scope, "ingress-entry", plan);
}
