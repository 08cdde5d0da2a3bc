/** Who may talk to whom. The namespace denies by default; every flow that the stack needs stands in one table. */
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
import { assertNever } from "../../errors/assert-never";
import { CLUSTER_DNS, INGRESS_NGINX, metadataOf, selectorOf, type Labels } from "../../kit";
import { ENDPOINTS, identityOf, type EndpointKey } from "./identity";
import type { DatalabProps } from "./props";

/** Where a service calls that is no service of the stack. */
type Outside = "signInProvider" | "kubernetesApi";

interface Flows {
  /** Whether the ingress controller comes in: for a host, or to ask whether a request may pass. */
  readonly fromIngress: boolean;
  readonly calls: readonly EndpointKey[];
  readonly callsOutside: readonly Outside[];
}

const FLOWS: Readonly<Record<EndpointKey, Flows>> = {
  app: { fromIngress: true, calls: [], callsOutside: [] },
  docs: { fromIngress: true, calls: [], callsOutside: [] },
  api: { fromIngress: true, calls: ["infrastructureApi", "auth", "mongodb"], callsOutside: [] },
  auth: { fromIngress: true, calls: ["mongodb"], callsOutside: ["signInProvider"] },
  infrastructureApi: { fromIngress: false, calls: ["auth", "mongodb"], callsOutside: ["kubernetesApi"] },
  mongodb: { fromIngress: false, calls: [], callsOutside: [] },
};

const KEYS = Object.keys(FLOWS) as readonly EndpointKey[];

/** The link-local range holds the cloud's metadata service. */
const LINK_LOCAL = "169.254.0.0/16";

export class DatalabPolicies extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: DatalabProps,
  ) {
    super(scope, id);
    for (const key of KEYS) this.policy(key);
  }

  private policy(key: EndpointKey): void {
    const { name } = ENDPOINTS[key];
    const rules = new Construct(this, name);
    new NetworkPolicy(rules, "Policy", {
      metadata: metadataOf(identityOf(this.props, name, "policy"), this.props.namespace),
      selector: pods(rules, "Selected", selectorOf(ENDPOINTS[key])),
      ingress: { default: NetworkPolicyTrafficDefault.DENY, rules: this.ingress(rules, key) },
      egress: { default: NetworkPolicyTrafficDefault.DENY, rules: this.egress(rules, key) },
    });
  }

  private ingress(scope: Construct, key: EndpointKey): NetworkPolicyRule[] {
    const ports = [NetworkPolicyPort.tcp(ENDPOINTS[key].service.targetPort)];
    const callers = KEYS.filter((caller) => FLOWS[caller].calls.includes(key));
    const inside = callers.map((caller) => pods(scope, `From-${caller}`, selectorOf(ENDPOINTS[caller])));
    const controller = selectorOf({ name: INGRESS_NGINX.controller });
    const outside = FLOWS[key].fromIngress
      ? [pods(scope, "FromIngress", controller, INGRESS_NGINX.namespace)]
      : [];
    return [...outside, ...inside].map((peer) => ({ peer, ports }));
  }

  private egress(scope: Construct, key: EndpointKey): NetworkPolicyRule[] {
    const { calls, callsOutside } = FLOWS[key];
    if (calls.length + callsOutside.length === 0) return [];
    const inside = calls.map((called): NetworkPolicyRule => ({
      peer: pods(scope, `To-${called}`, selectorOf(ENDPOINTS[called])),
      ports: [NetworkPolicyPort.tcp(ENDPOINTS[called].service.targetPort)],
    }));
    return [this.dns(scope), ...inside, ...callsOutside.flatMap((outside) => this.outside(scope, outside))];
  }

  private dns(scope: Construct): NetworkPolicyRule {
    const ports = [NetworkPolicyPort.udp(53), NetworkPolicyPort.tcp(53)];
    return { peer: pods(scope, "Dns", CLUSTER_DNS.labels, CLUSTER_DNS.namespace), ports };
  }

  private outside(scope: Construct, outside: Outside): readonly NetworkPolicyRule[] {
    const block = (id: string, cidr: string, port: number, except?: string[]): NetworkPolicyRule => ({
      peer: NetworkPolicyIpBlock.ipv4(scope, id, cidr, except),
      ports: [NetworkPolicyPort.tcp(port)],
    });
    switch (outside) {
      case "signInProvider":
        return [block("Internet", "0.0.0.0/0", 443, [LINK_LOCAL])];
      case "kubernetesApi": {
        // Some network plugins look at a packet before its Service address is translated, others after.
        const { serviceCidr, nodeCidr } = this.props.kubernetesApi;
        return [block("KubernetesService", serviceCidr, 443), block("ControlPlane", nodeCidr, 6443)];
      }
      default:
        return assertNever(outside);
    }
  }
}

function pods(scope: Construct, id: string, labels: Labels, namespace?: string): Pods & INetworkPolicyPeer {
  const elsewhere =
    namespace === undefined
      ? {}
      : { namespaces: Namespaces.select(scope, `${id}Namespace`, { names: [namespace] }) };
  return Pods.select(scope, id, { labels: { ...labels }, ...elsewhere });
}
