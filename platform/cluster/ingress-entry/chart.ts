/** A NodePort Service through which an environment's load balancer reaches the shared ingress controller. */
import { Chart, type App } from "cdk8s";
import { Construct } from "constructs";
import { INGRESS_NGINX, Naming, PodService } from "../../../kit";

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
    new PodService(this, "Service", {
      ...new Naming("ingress-nginx", environment).identity(name, "entry"),
      namespace: INGRESS_NGINX.namespace,
      workload: INGRESS_NGINX.controller,
      spelling: "full",
      service: {
        kind: "nodePort",
        name,
        // The controller listens on the ports that clients use.
        ports: [
          { name: "http", port: 80, nodePort: http },
          { name: "https", port: 443, nodePort: https },
        ],
        // Every worker accepts traffic, even without a controller pod: load balancers list all workers.
        externalTrafficPolicy: "Cluster",
      },
    });
  }
}

/** The NodePort Service of one environment in front of the shared ingress controller. */
export class IngressEntryChart extends Chart {
  constructor(scope: Construct, id: string, props: IngressEntryProps) {
    super(scope, id);
    new IngressEntry(this, "Entry", props);
  }
}

export function ingressEntryCharts(scope: App, plan: IngressEntryProps): void {
  new IngressEntryChart(scope, "ingress-entry", plan);
}
