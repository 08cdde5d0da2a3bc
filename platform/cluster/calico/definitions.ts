/**
 * Definitions of Calico's own resources, in which it keeps its state: blocks of addresses, settings of nodes, policies
 * beyond Kubernetes' own. All of release 3.32.
 */
import type { OpenDefinition } from "../definitions";

export const CALICO_GROUP = "crd.projectcalico.org";

/** By kind. */
export const CALICO_DEFINITIONS: Readonly<Record<string, OpenDefinition>> = {
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
