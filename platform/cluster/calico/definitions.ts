/**
 * Definitions of Calico's own resources, in which it keeps its state: blocks of addresses, settings of nodes, policies
 * beyond Kubernetes' own. All of release 3.32, each of a schema that keeps every field: what is written there is written by
 * Calico's own programs, which check it themselves, and the complete schemas are half a megabyte that would be
 * in Pulumi's state. `kubectl explain` does not know their fields, and a wrong field that a person writes is not refused.
 */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type Identity } from "../../../kit";

const GROUP = "crd.projectcalico.org";

interface Definition {
  readonly namespaced?: true;
  /** Whether its status is written apart from the rest. */
  readonly status?: true;
  readonly plural: string;
}

/** By kind. */
const DEFINITIONS: Readonly<Record<string, Definition>> = {
  BGPConfiguration: { plural: "bgpconfigurations" },
  BGPFilter: { plural: "bgpfilters" },
  BGPPeer: { plural: "bgppeers" },
  BlockAffinity: { plural: "blockaffinities" },
  CalicoNodeStatus: { plural: "caliconodestatuses" },
  ClusterInformation: { plural: "clusterinformations" },
  FelixConfiguration: { plural: "felixconfigurations" },
  GlobalNetworkPolicy: { plural: "globalnetworkpolicies" },
  GlobalNetworkSet: { plural: "globalnetworksets" },
  HostEndpoint: { plural: "hostendpoints" },
  IPAMBlock: { plural: "ipamblocks" },
  IPAMConfig: { plural: "ipamconfigs" },
  IPAMHandle: { plural: "ipamhandles" },
  IPPool: { plural: "ippools" },
  IPReservation: { plural: "ipreservations" },
  KubeControllersConfiguration: { plural: "kubecontrollersconfigurations", status: true },
  NetworkPolicy: { plural: "networkpolicies", namespaced: true },
  NetworkSet: { plural: "networksets", namespaced: true },
  StagedGlobalNetworkPolicy: { plural: "stagedglobalnetworkpolicies" },
  StagedKubernetesNetworkPolicy: { plural: "stagedkubernetesnetworkpolicies", namespaced: true },
  StagedNetworkPolicy: { plural: "stagednetworkpolicies", namespaced: true },
  Tier: { plural: "tiers" },
};

export class CalicoDefinitions extends Construct {
  /** @param identityOf names a definition */
  constructor(scope: Construct, id: string, identityOf: (name: string) => Identity) {
    super(scope, id);
    for (const [kind, { plural, namespaced = false, status = false }] of Object.entries(DEFINITIONS)) {
      new k8s.KubeCustomResourceDefinition(this, kind, {
        metadata: metadataOf(identityOf(`${plural}.${GROUP}`)),
        spec: {
          group: GROUP,
          names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
          scope: namespaced ? "Namespaced" : "Cluster",
          versions: [
            {
              name: "v1",
              served: true,
              storage: true,
              schema: { openApiv3Schema: { type: "object", xKubernetesPreserveUnknownFields: true } },
              ...(status ? { subresources: { status: {} } } : {}),
            },
          ],
        },
      });
    }
  }
}
