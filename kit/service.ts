/** What clients dial: one stable name and address in front of a workload's pods. */
import { ApiObject, JsonPatch } from "cdk8s";
import { Protocol, Service, ServiceType, type Pods, type ServicePort } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { assertNever } from "../errors/assert-never";
import { metadataOf, type Identity } from "./names";
import { checkName, checkNumber, type PortProtocol } from "./ports";
import type { Spelling } from "./spelling";

/** One of a Service's ports. */
export interface NamedPort {
  /** At most 15 lower-case letters and digits: `http`. */
  readonly name: string;
  /** What clients dial. */
  readonly port: number;
  /** Port of the pods behind it. @default the same number */
  readonly targetPort?: number;
  /** @default TCP */
  readonly protocol?: PortProtocol;
}

/** A Service with one port of TCP, or with several that have names. */
export type ServiceSpec =
  | {
      readonly name: string;
      /** What clients dial. */
      readonly port: number;
      /** Port of the pods behind it. */
      readonly targetPort: number;
      readonly ports?: never;
      readonly address?: never;
    }
  | {
      readonly name: string;
      readonly ports: readonly NamedPort[];
      /** A fixed one of the cluster's Service network. @default the cluster chooses */
      readonly address?: string;
      readonly port?: never;
      readonly targetPort?: never;
    };

export interface ServiceProps extends Identity {
  readonly namespace: string;
  readonly service: ServiceSpec;
}

/**
 * A Service inside the cluster.
 * @throws Error where it has no port, the same one twice, or one that Kubernetes does not take
 */
export function clusterService(
  scope: Construct,
  props: ServiceProps,
  pods: Pods,
  spelling: Spelling,
): Service {
  const { service } = props;
  const { labels } = metadataOf(props);
  const made = new Service(scope, "Service", {
    metadata: { name: service.name, namespace: props.namespace, labels },
    type: ServiceType.CLUSTER_IP,
    selector: pods,
    ...(service.ports === undefined
      ? { ports: [{ name: "main", port: service.port, targetPort: service.targetPort }] }
      : { ports: namedPorts(service.name, service.ports) }),
    ...(service.address === undefined ? {} : { clusterIP: service.address }),
  });
  if (spelling === "lean") ApiObject.of(made).addJsonPatch(JsonPatch.remove("/spec/externalIPs"));
  return made;
}

function namedPorts(service: string, ports: readonly NamedPort[]): ServicePort[] {
  if (ports.length === 0) throw new Error(`${service}: has no port; a Service needs one`);
  const names = new Set<string>();
  const dialled = new Map<string, string>();
  return ports.map(({ name, port, targetPort = port, protocol = "TCP" }) => {
    checkName(service, name);
    checkNumber(service, name, port);
    checkNumber(service, name, targetPort);
    if (names.has(name)) throw new Error(`${service}: has two ports named "${name}"; name each once`);
    const key = `${protocol} ${port}`;
    const other = dialled.get(key);
    if (other !== undefined)
      throw new Error(`${service}: "${other}" and "${name}" are both ${key}; drop one`);
    names.add(name);
    dialled.set(key, name);
    return { name, port, targetPort, protocol: libraryProtocol(protocol) };
  });
}

function libraryProtocol(protocol: PortProtocol): Protocol {
  switch (protocol) {
    case "TCP":
      return Protocol.TCP;
    case "UDP":
      return Protocol.UDP;
    case "SCTP":
      return Protocol.SCTP;
    default:
      return assertNever(protocol);
  }
}
