/** Who reaches a drive: nodes its NFS port, the hub the port at which it asks for homes, and nobody else. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { FlowPolicy, metadataOf, selectorOf } from "../../../kit";
import { identityOf } from "../names";
import type { HubPlan } from "../plan";
import { DRIVE, DRIVE_PORTS, homesEndpoint } from "./names";
import type { DrivePlan } from "./plan";

export class DrivePolicies extends Construct {
  constructor(scope: Construct, id: string, plan: HubPlan, { namespace }: DrivePlan) {
    super(scope, id);
    const { flows, cluster } = plan;
    new FlowPolicy(this, "Homes", {
      ...identityOf(plan, "homes", "policy"),
      endpoint: homesEndpoint(namespace),
      flows,
      cluster,
    });
    new k8s.KubeNetworkPolicy(this, "Nodes", {
      metadata: metadataOf(identityOf(plan, "nodes", "policy"), namespace),
      spec: {
        podSelector: { matchLabels: { ...selectorOf({ name: DRIVE }) } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: nodeNetworks(cluster).map((cidr) => ({ ipBlock: { cidr } })),
            ports: [{ protocol: "TCP", port: k8s.IntOrString.fromNumber(DRIVE_PORTS.nfs) }],
          },
        ],
      },
    });
  }
}

/**
 * Where nodes' own packets come from. With encapsulation those to pods on other nodes come from the pods' network, so a
 * policy here cannot tell them from pods' packets: there it is the policies of the hub's own namespace alone that keep
 * people's servers away.
 */
function nodeNetworks({ nodeCidr, podCidr, preservesPodAddresses }: HubPlan["cluster"]): readonly string[] {
  return preservesPodAddresses || podCidr === "" ? [nodeCidr] : [nodeCidr, podCidr];
}
