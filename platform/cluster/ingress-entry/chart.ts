/** NodePort Services through which an environment's load balancer reaches the shared ingress controller. */
import { Chart, type App } from "cdk8s";
import { Construct } from "constructs";
import { INGRESS_NAMESPACE, INGRESS_WORKLOADS } from "../../../environment/ingress-controller";
import { Naming, PodService, type NodePort } from "../../../kit";
import { streamName, type Stream } from "../ingress/streams";

/**
 * Name of an environment's entry in the controller's namespace. It is the same with either controller: a Service of
 * another name could not have the NodePorts before this one is gone.
 */
export function entryName(environment: string): string {
  return `ingress-nginx-${environment}`;
}

export interface IngressEntryProps {
  readonly environment: string;
  /** Deployment of the controller. @default ingress-nginx's */
  readonly controller?: string;
  /** NodePort for HTTP. */
  readonly http: number;
  /** NodePort for HTTPS. */
  readonly https: number;
  /** Ports beside those, in a Service of their own. @default none */
  readonly streams?: readonly Stream[];
}

export class IngressEntry extends Construct {
  constructor(scope: Construct, id: string, props: IngressEntryProps) {
    super(scope, id);
    const { environment, controller = INGRESS_WORKLOADS["ingress-nginx"], http, https, streams = [] } = props;
    const names = new Naming("ingress-nginx", environment);
    const service = (construct: string, name: string, ports: readonly NodePort[]): PodService =>
      new PodService(this, construct, {
        ...names.identity(name, "entry"),
        namespace: INGRESS_NAMESPACE,
        workload: controller,
        spelling: "full",
        // Every worker accepts traffic, even without a controller pod: load balancers list all workers.
        service: { kind: "nodePort", name, ports, externalTrafficPolicy: "Cluster" },
      });
    service("Service", entryName(environment), [
      // The controller listens on the ports that clients use.
      { name: "http", port: 80, nodePort: http },
      { name: "https", port: 443, nodePort: https },
    ]);
    if (streams.length > 0) service("Streams", `ingress-streams-${environment}`, streams.map(streamPort));
  }
}

function streamPort(stream: Stream): NodePort {
  const { nodePort, protocol } = stream;
  return {
    name: streamName(stream),
    port: nodePort,
    nodePort,
    protocol: protocol === "tcp" ? "TCP" : "UDP",
  };
}

/** The NodePort Services of one environment in front of the shared ingress controller. */
export class IngressEntryChart extends Chart {
  constructor(scope: Construct, id: string, props: IngressEntryProps) {
    super(scope, id);
    new IngressEntry(this, "Entry", props);
  }
}

export function ingressEntryCharts(scope: App, plan: IngressEntryProps): void {
  new IngressEntryChart(scope, "ingress-entry", plan);
}
