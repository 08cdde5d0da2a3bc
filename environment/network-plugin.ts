/** What follows from the choice of the network plugin, `cluster.cni`. */
import { assertNever } from "../errors/assert-never";
import type { ClusterConfig, CniConfig, OwnerConfig } from "./config";

/** What is around packets between pods of two nodes. */
export type CalicoEncapsulation = Extract<CniConfig, { kind: "calico" }>["encapsulation"];
/** How packets get to the pods of another node. */
export type FlannelBackend = Extract<CniConfig, { kind: "flannel" }>["backend"];

/** True if NetworkPolicies have an effect. */
export function enforcesPolicies(cni: CniConfig): boolean {
  switch (cni.kind) {
    case "flannel":
      return cni.policy !== "none";
    case "calico":
    case "kube-router":
    case "weave":
      return true;
    default:
      return assertNever(cni);
  }
}

/** True if packets between nodes have pods' own addresses, which port security must allow. */
export function preservesPodAddresses(cni: CniConfig): boolean {
  switch (cni.kind) {
    case "calico":
      return cni.encapsulation === "none";
    case "flannel":
      return cni.backend === "host-gw";
    case "kube-router":
      return true;
    case "weave":
      return false;
    default:
      return assertNever(cni);
  }
}

/** Bytes of a packet that VXLAN needs for itself over IPv4: Ethernet, VXLAN, UDP and IP. */
const VXLAN_OVERHEAD = 50;
/** Of IP in IP: a second IPv4 header. */
const IPIP_OVERHEAD = 20;
/** Of Weave's encrypted fast datapath, as its documentation gives it. */
const WEAVE_OVERHEAD = 87;

/**
 * The MTU of pods' interfaces, in bytes.
 * @param mtu of the nodes' network
 */
export function podMtu(cni: CniConfig, mtu: number): number {
  switch (cni.kind) {
    case "calico":
      return mtu - { vxlan: VXLAN_OVERHEAD, ipip: IPIP_OVERHEAD, none: 0 }[cni.encapsulation];
    case "flannel":
      return mtu - { vxlan: VXLAN_OVERHEAD, "host-gw": 0 }[cni.backend];
    case "kube-router":
      return mtu;
    case "weave":
      // Divisible by four, else Weave falls back to its slow datapath.
      return Math.floor((mtu - WEAVE_OVERHEAD) / 4) * 4;
    default:
      return assertNever(cni);
  }
}

/** How nodes filter and translate packets: as their kube-proxy does, so that a node has rules of one kind only. */
export function usesNftables({ nodes }: Pick<ClusterConfig, "nodes">): boolean {
  return nodes.proxyMode === "nftables";
}

/** From this number of nodes on, Calico's nodes ask Typha instead of the API server. */
const TYPHA_FROM = 50;
/** Nodes that one replica serves. */
const NODES_PER_TYPHA = 200;

/**
 * Replicas of Calico's Typha for as many nodes as pools may have; at least three, so that one can be updated and another
 * one fail. Undefined where the nodes are few enough to watch the API themselves.
 */
export function typhaReplicas({
  controlPlane,
  workers,
}: Pick<OwnerConfig["servers"], "controlPlane" | "workers">): number | undefined {
  const pools = Object.values(workers).map(({ min, max = min }) => Math.max(min, max));
  const nodes = controlPlane.min + pools.reduce((sum, count) => sum + count, 0);
  return nodes < TYPHA_FROM ? undefined : Math.max(3, Math.ceil(nodes / NODES_PER_TYPHA));
}
