/**
 * NetworkPolicies from the environment's list of flows: one policy for each endpoint, which denies by default and
 * admits the listed flows.
 */
import {
  Namespaces,
  NetworkPolicy,
  NetworkPolicyIpBlock,
  NetworkPolicyPort,
  NetworkPolicyTrafficDefault,
  Pods,
  type INetworkPolicyPeer,
  type NetworkPolicyRule,
} from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { ClientEndpoint, Endpoint, Flow, FlowSource, FlowTarget } from "../environment/parts/flows";
import type { IngressControllerPlan } from "../environment/plan/types";
import { assertNever } from "../errors/assert-never";
import { CLUSTER_DNS, metadataOf, selectorOf, type Identity, type Labels } from "./names";

/** Properties of a cluster that policies need. */
export interface PolicyNetworks {
  /** Addresses of the Kubernetes API before and after the translation of a Service's address. */
  readonly serviceCidr: string;
  readonly nodeCidr: string;
  readonly ingress: Pick<IngressControllerPlan, "namespace" | "pods">;
}

/** One endpoint, and the flows for its network policies. */
export interface FlowPolicyProps extends Identity {
  /** Without a port for pods that accept no connections. */
  readonly endpoint: ClientEndpoint | Endpoint;
  /** Of the whole environment; those that start or end at the endpoint are used. */
  readonly flows: readonly Flow[];
  readonly cluster: PolicyNetworks;
}

/** The link-local range contains the cloud's metadata service. */
const LINK_LOCAL = "169.254.0.0/16";

/** The policy of one endpoint. An endpoint with outgoing flows may also query the cluster's DNS. */
export class FlowPolicy extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: FlowPolicyProps,
  ) {
    super(scope, id);
    const { endpoint } = props;
    new NetworkPolicy(this, "Policy", {
      metadata: metadataOf(props, endpoint.namespace),
      selector: pods(this, "Selected", selectorOf(endpoint)),
      ingress: { default: NetworkPolicyTrafficDefault.DENY, rules: this.ingress() },
      egress: { default: NetworkPolicyTrafficDefault.DENY, rules: this.egress() },
    });
  }

  private ingress(): NetworkPolicyRule[] {
    const { endpoint, flows } = this.props;
    if (!("port" in endpoint)) return [];
    const ports = [portOf(endpoint)];
    return flows
      .filter(({ to }) => to.kind === "pods" && isSame(to.of, endpoint) && to.of.port === endpoint.port)
      .flatMap(({ from }, index) => this.sources(`From${index}`, from).map((peer) => ({ peer, ports })));
  }

  private egress(): NetworkPolicyRule[] {
    const { endpoint, flows } = this.props;
    const out = flows.filter(({ from }) => from.kind === "pods" && isSame(from.of, endpoint));
    if (out.length === 0) return [];
    return [this.dns(), ...out.flatMap(({ to }, index) => this.target(`To${index}`, to))];
  }

  private sources(id: string, from: FlowSource): readonly INetworkPolicyPeer[] {
    switch (from.kind) {
      case "pods":
        return [this.podsOf(id, from.of)];
      case "ingressController": {
        const { pods: controllers, namespace } = this.props.cluster.ingress;
        return controllers.map((labels, index) =>
          pods(this, index === 0 ? id : `${id}Controller${String(index)}`, labels, namespace),
        );
      }
      default:
        return assertNever(from);
    }
  }

  private target(id: string, to: FlowTarget): readonly NetworkPolicyRule[] {
    switch (to.kind) {
      case "pods":
        return [{ peer: this.podsOf(id, to.of), ports: [portOf(to.of)] }];
      case "internet":
        return [this.block(id, "0.0.0.0/0", to.port, [LINK_LOCAL])];
      case "kubernetesApi": {
        // Some network plugins check a packet before its Service address is translated, others after.
        const { serviceCidr, nodeCidr } = this.props.cluster;
        return [this.block(`${id}Service`, serviceCidr, 443), this.block(`${id}Nodes`, nodeCidr, 6443)];
      }
      default:
        return assertNever(to);
    }
  }

  /** For pods of another namespace, the namespace is included. */
  private podsOf(id: string, of: ClientEndpoint): INetworkPolicyPeer {
    const elsewhere = of.namespace === this.props.endpoint.namespace ? undefined : of.namespace;
    return pods(this, id, selectorOf(of), elsewhere);
  }

  private block(id: string, cidr: string, port: number, except?: string[]): NetworkPolicyRule {
    return {
      peer: NetworkPolicyIpBlock.ipv4(this, id, cidr, except),
      ports: [NetworkPolicyPort.tcp(port)],
    };
  }

  private dns(): NetworkPolicyRule {
    const ports = [NetworkPolicyPort.udp(53), NetworkPolicyPort.tcp(53)];
    return { peer: pods(this, "Dns", CLUSTER_DNS.labels, CLUSTER_DNS.namespace), ports };
  }
}

function isSame(one: ClientEndpoint, other: ClientEndpoint): boolean {
  return one.namespace === other.namespace && one.name === other.name;
}

function portOf({ port, protocol = "TCP" }: Endpoint): NetworkPolicyPort {
  return protocol === "TCP" ? NetworkPolicyPort.tcp(port) : NetworkPolicyPort.udp(port);
}

function pods(scope: Construct, id: string, labels: Labels, namespace?: string): Pods & INetworkPolicyPeer {
  const elsewhere =
    namespace === undefined
      ? {}
      : { namespaces: Namespaces.select(scope, `${id}Namespace`, { names: [namespace] }) };
  return Pods.select(scope, id, { labels: { ...labels }, ...elsewhere });
}
