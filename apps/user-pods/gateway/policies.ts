/** Connections of the gateway: from the ingress controller, to users' pods, to the Kubernetes API and to its sign-in. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { FlowPolicy, metadataOf, selectorOf } from "../../../kit";
import { identityOf, USER_POD } from "../names";
import type { UserPodsPlan } from "../plan";
import { serviceNamespace } from "./flows";
import { GATEWAY, gatewayEndpoint } from "./names";
import type { GatewayPlan } from "./plan";

export class GatewayPolicies extends Construct {
  constructor(scope: Construct, id: string, pods: UserPodsPlan, { flows, cluster, identity }: GatewayPlan) {
    super(scope, id);
    const { namespace } = pods;
    const endpoint = gatewayEndpoint(namespace);
    new FlowPolicy(this, "Flows", { ...identityOf(pods, GATEWAY, "policy"), endpoint, flows, cluster });
    const asked = identity.kind === "authUrl" ? serviceNamespace(identity.url) : undefined;
    new k8s.KubeNetworkPolicy(this, "Pods", {
      metadata: metadataOf(identityOf(pods, `${GATEWAY}-pods`, "policy"), namespace),
      spec: {
        podSelector: { matchLabels: { ...selectorOf({ name: GATEWAY }) } },
        policyTypes: ["Egress"],
        egress: [
          {
            to: [{ podSelector: { matchLabels: USER_POD } }],
            ports: [{ protocol: "TCP", port: k8s.IntOrString.fromNumber(pods.entryPort) }],
          },
          // Of a Service's pods only the namespace is known: their port may be another one than the Service's.
          ...(asked === undefined
            ? []
            : [{ to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": asked } } }] }]),
        ],
      },
    });
  }
}
