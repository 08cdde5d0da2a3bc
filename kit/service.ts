/** A stable name, and usually a stable address, through which clients connect to a workload's pods. */
import { ApiObject, JsonPatch } from "cdk8s";
import { Pods, Protocol, Service, ServiceType, type k8s, type ServicePort } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { PODS_BY_ANNOTATION } from "../environment/pods-by";
import { assertNever } from "../errors/assert-never";
import { metadataOf, selectorOf, type Identity } from "./names";
import { checkWhole } from "./numbers";
import type { PortProtocol } from "./ports";
import { checkServicePorts } from "./service-ports";
import type { Spelling } from "./spelling";

/** One of a Service's ports. */
export interface NamedPort {
  /** At most 15 lower-case letters and digits: `http`. */
  readonly name: string;
  /** Port to which clients connect. */
  readonly port: number;
  /** Port of the pods behind it. @default the same number */
  readonly targetPort?: number;
  /** @default TCP */
  readonly protocol?: PortProtocol;
}

/** A port that is also open on every node. */
export interface NodePort extends NamedPort {
  /** On the nodes; between 30000 and 32767. */
  readonly nodePort: number;
}

interface CommonSpec {
  /** Its name, and so its host name in the cluster. */
  readonly name: string;
  /**
   * Sends each client address to the same pod until the client was idle for this many seconds, 1 to 86400. A client
   * behind a proxy has the proxy's address. @default any pod
   */
  readonly clientAffinitySeconds?: number;
}

/** Inside the cluster, with one TCP port. */
interface OnePortSpec extends CommonSpec {
  readonly kind?: "cluster";
  /** Port to which clients connect. */
  readonly port: number;
  /** Port of the pods behind it. */
  readonly targetPort: number;
  readonly ports?: never;
  readonly address?: never;
}

/** Inside the cluster, with named ports. */
interface NamedPortsSpec extends CommonSpec {
  readonly kind?: "cluster";
  readonly ports: readonly NamedPort[];
  /** A fixed address in the cluster's Service network. @default the cluster chooses */
  readonly address?: string;
  readonly port?: never;
  readonly targetPort?: never;
}

/** No address of its own: its name resolves to the addresses of the pods. */
export interface HeadlessSpec {
  readonly kind: "headless";
  /** Its name, and so its host name in the cluster. */
  readonly name: string;
  readonly ports: readonly NamedPort[];
  /** Whether its name also resolves to pods that are not ready, for members that discover each other. @default false */
  readonly publishNotReady?: boolean;
}

/** Inside the cluster, and on a port of every node. */
export interface NodePortSpec extends CommonSpec {
  readonly kind: "nodePort";
  readonly ports: readonly NodePort[];
  /**
   * Which pods receive connections to a node: `Cluster`, any pod, which sees the node's address as the client's;
   * `Local`, only the node's own pods, which see the client's address; a node without such a pod does not respond.
   */
  readonly externalTrafficPolicy: "Cluster" | "Local";
}

/** As on the nodes, and at an address of a load balancer. */
export interface LoadBalancerSpec extends CommonSpec {
  readonly kind: "loadBalancer";
  /** With the numbers on the nodes, which load balancers outside of the cluster forward to. */
  readonly ports: readonly NodePort[];
  /** As of `nodePort`. */
  readonly externalTrafficPolicy: "Cluster" | "Local";
  /** Networks that may connect. @default all */
  readonly sourceRanges?: readonly string[];
  /** What makes the load balancer, if not the cluster's own: `example.org/metallb`. Fixed as long as the Service has this kind. @default the cluster's own */
  readonly loadBalancerClass?: string;
  /** Settings of whatever makes the load balancer. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Inside the cluster (`kind` omitted), headless, on the nodes, or at a load balancer. */
export type ServiceSpec = OnePortSpec | NamedPortsSpec | HeadlessSpec | NodePortSpec | LoadBalancerSpec;

export interface ServiceProps extends Identity {
  readonly namespace: string;
  /** Who makes its pods, where no workload of the charts does: `people of the project soil`. @default a workload */
  readonly podsBy?: string;
  readonly service: ServiceSpec;
}

/**
 * The Service of a workload.
 * @throws Error if it has no port, a port twice, or a number that Kubernetes does not accept
 */
export function workloadService(
  scope: Construct,
  { namespace, service: spec, podsBy, ...identity }: ServiceProps,
  pods: Pods,
  spelling: Spelling,
): Service {
  const { labels } = metadataOf(identity);
  const made = new Service(scope, "Service", {
    metadata: { name: spec.name, namespace, labels, ...annotationsOf(spec, podsBy) },
    selector: pods,
    ports: servicePorts(spec),
    ...addressing(spec),
  });
  const object = ApiObject.of(made);
  if (spelling === "lean") object.addJsonPatch(JsonPatch.remove("/spec/externalIPs"));
  const patch = Object.entries(beyondLibrary(spec));
  object.addJsonPatch(...patch.map(([field, value]) => JsonPatch.add(`/spec/${field}`, value)));
  return made;
}

/** A Service in front of pods. */
export interface PodServiceProps extends ServiceProps {
  /** Name of the workload with the pods, in the same namespace. */
  readonly workload: string;
  /** @default lean */
  readonly spelling?: Spelling;
}

/**
 * A Service in front of pods that another chart creates, or an additional one for a workload.
 * @throws Error as a workload's own Service
 */
export class PodService extends Construct {
  readonly service: Service;

  constructor(scope: Construct, id: string, { workload, spelling = "lean", ...props }: PodServiceProps) {
    super(scope, id);
    const pods = Pods.select(this, "Pods", { labels: { ...selectorOf({ name: workload }) } });
    this.service = workloadService(this, props, pods, spelling);
  }
}

function annotationsOf(spec: ServiceSpec, podsBy: string | undefined): Pick<LoadBalancerSpec, "annotations"> {
  const annotations = {
    ...(spec.kind === "loadBalancer" ? spec.annotations : undefined),
    ...(podsBy === undefined ? {} : { [PODS_BY_ANNOTATION]: podsBy }),
  };
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

function servicePorts(spec: ServiceSpec): ServicePort[] {
  if (spec.ports === undefined) return [{ name: "main", port: spec.port, targetPort: spec.targetPort }];
  checkServicePorts(spec.name, spec.ports);
  return spec.ports.map(({ targetPort, protocol = "TCP", ...port }) => ({
    ...port,
    targetPort: targetPort ?? port.port,
    protocol: PROTOCOLS[protocol],
  }));
}

const PROTOCOLS: Readonly<Record<PortProtocol, Protocol>> = {
  TCP: Protocol.TCP,
  UDP: Protocol.UDP,
  SCTP: Protocol.SCTP,
};

function addressing(spec: ServiceSpec): { readonly type: ServiceType; readonly clusterIP?: string } {
  switch (spec.kind) {
    case undefined:
    case "cluster":
      return {
        type: ServiceType.CLUSTER_IP,
        ...(spec.address === undefined ? {} : { clusterIP: spec.address }),
      };
    case "headless":
      return { type: ServiceType.CLUSTER_IP, clusterIP: "None" };
    case "nodePort":
      return { type: ServiceType.NODE_PORT };
    case "loadBalancer":
      return { type: ServiceType.LOAD_BALANCER };
    default:
      return assertNever(spec);
  }
}

/** Fields of the object's spec that the library's Service cannot set. */
function beyondLibrary(spec: ServiceSpec): Partial<k8s.ServiceSpec> {
  switch (spec.kind) {
    case undefined:
    case "cluster":
      return clientAffinity(spec);
    case "headless":
      return spec.publishNotReady === true ? { publishNotReadyAddresses: true } : {};
    case "nodePort":
      return { externalTrafficPolicy: spec.externalTrafficPolicy, ...clientAffinity(spec) };
    case "loadBalancer":
      return {
        externalTrafficPolicy: spec.externalTrafficPolicy,
        ...balancerFields(spec),
        ...clientAffinity(spec),
      };
    default:
      return assertNever(spec);
  }
}

function balancerFields({ sourceRanges, loadBalancerClass }: LoadBalancerSpec): Partial<k8s.ServiceSpec> {
  return {
    ...(sourceRanges === undefined ? {} : { loadBalancerSourceRanges: [...sourceRanges] }),
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
  };
}

function clientAffinity({ name, clientAffinitySeconds: seconds }: CommonSpec): Partial<k8s.ServiceSpec> {
  if (seconds === undefined) return {};
  checkWhole(name, "clientAffinitySeconds", seconds, 1, DAY);
  return {
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIp: { timeoutSeconds: seconds } },
  };
}

/** In seconds, the maximum of Kubernetes. */
const DAY = 86400;
