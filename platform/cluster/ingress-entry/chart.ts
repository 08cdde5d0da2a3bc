/** The Service of an environment in front of the shared ingress controller: on NodePorts, or at a load balancer. */
import { Chart, type App } from "cdk8s";
import { Construct } from "constructs";
import { INGRESS_NAMESPACE, INGRESS_WORKLOADS } from "../../../environment/ingress-controller";
import type { NonEmpty } from "../../../environment/non-empty";
import { deployOptions } from "../../../deploy/object-options";
import { assertNever } from "../../../errors/assert-never";
import type { NamedValue } from "../../../values";
import { Naming, PodService, type LoadBalancerSpec, type NodePort, type NodePortSpec } from "../../../kit";
import { INGRESS_POOL, METALLB_CLASS } from "../metallb/names";
import { streamName, type Stream } from "../ingress/streams";

/**
 * Name of an environment's entry in the controller's namespace. It is the same with either controller: a Service of
 * another name could not have the NodePorts before this one is gone.
 */
export function entryName(environment: string): string {
  return `ingress-nginx-${environment}`;
}

/** How clients reach the controller. */
export type EntryExposure =
  /** A load balancer outside of the cluster forwards to the NodePorts. */
  | { readonly kind: "nodePort" }
  /** The cloud controller manager makes a load balancer in Octavia, at an address that is there. */
  | {
      readonly kind: "octavia";
      /** Id of the port in Neutron that has the address. */
      readonly portId: string | NamedValue;
      /** Whether the port has a floating IP. Without one the controller makes none. */
      readonly floatingIp: boolean;
      /** Whether connections start with the PROXY protocol's header. */
      readonly proxyProtocol: boolean;
      readonly from: NonEmpty<string>;
    }
  /** One worker answers for the address, by MetalLB. */
  | { readonly kind: "metallb"; readonly from: NonEmpty<string> };

export interface IngressEntryProps {
  readonly environment: string;
  /** Deployment of the controller. @default ingress-nginx's */
  readonly controller?: string;
  /** NodePort for HTTP. */
  readonly http: number;
  /** NodePort for HTTPS. */
  readonly https: number;
  /** @default by NodePorts */
  readonly exposure?: EntryExposure;
  /** Ports beside those, in a Service of their own. @default none */
  readonly streams?: readonly Stream[];
}

export class IngressEntry extends Construct {
  constructor(scope: Construct, id: string, props: IngressEntryProps) {
    super(scope, id);
    const { environment, controller = INGRESS_WORKLOADS["ingress-nginx"], http, https, streams = [] } = props;
    const names = new Naming("ingress-nginx", environment);
    const service = (construct: string, name: string, spec: EntrySpec): PodService =>
      new PodService(this, construct, {
        ...names.identity(name, "entry"),
        namespace: INGRESS_NAMESPACE,
        workload: controller,
        spelling: "full",
        service: { name, ...spec },
      });
    const { exposure = { kind: "nodePort" } } = props;
    // The controller listens on the ports that clients use.
    const ports = [
      { name: "http", port: 80, nodePort: http },
      { name: "https", port: 443, nodePort: https },
    ];
    const entry = service("Service", entryName(environment), { ...entrySpec(exposure), ports });
    // Its load balancer waits for the controller, which is created after it.
    if (exposure.kind !== "nodePort") deployOptions(entry.service, { skipAwait: true });
    if (streams.length > 0) {
      const name = `ingress-streams-${environment}`;
      service("Streams", name, { ...ON_ALL_NODES, ports: streams.map(streamPort) });
    }
  }
}

type EntrySpec = Omit<NodePortSpec, "name"> | Omit<LoadBalancerSpec, "name">;

/** Every worker accepts traffic, even without a controller pod: load balancers list all workers. */
const ON_ALL_NODES = { kind: "nodePort", externalTrafficPolicy: "Cluster" } as const;

function entrySpec(
  exposure: EntryExposure,
): Omit<NodePortSpec, "name" | "ports"> | Omit<LoadBalancerSpec, "name" | "ports"> {
  switch (exposure.kind) {
    case "nodePort":
      return ON_ALL_NODES;
    case "octavia":
      return {
        kind: "loadBalancer",
        externalTrafficPolicy: "Cluster",
        ...sourceRanges(exposure.from),
        annotations: octaviaSettings(exposure),
      };
    case "metallb":
      return {
        kind: "loadBalancer",
        // The node that answers for the address has a pod of the controller, which sees clients' addresses.
        externalTrafficPolicy: "Local",
        ...sourceRanges(exposure.from),
        loadBalancerClass: METALLB_CLASS,
        annotations: { "metallb.io/address-pool": INGRESS_POOL },
      };
    default:
      return assertNever(exposure);
  }
}

function octaviaSettings({
  portId,
  floatingIp,
  proxyProtocol,
}: Extract<EntryExposure, { kind: "octavia" }>): Readonly<Record<string, string>> {
  return {
    "loadbalancer.openstack.org/port-id": portId.toString(),
    "service.beta.kubernetes.io/openstack-internal-load-balancer": String(!floatingIp),
    ...(proxyProtocol ? { "loadbalancer.openstack.org/proxy-protocol": "true" } : {}),
  };
}

function sourceRanges(from: NonEmpty<string>): Pick<LoadBalancerSpec, "sourceRanges"> {
  return from.includes("0.0.0.0/0") ? {} : { sourceRanges: from };
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

/** The Services of one environment in front of the shared ingress controller. */
export class IngressEntryChart extends Chart {
  constructor(scope: Construct, id: string, props: IngressEntryProps) {
    super(scope, id);
    new IngressEntry(this, "Entry", props);
  }
}

export function ingressEntryCharts(scope: App, plan: IngressEntryProps): void {
  new IngressEntryChart(scope, "ingress-entry", plan);
}
