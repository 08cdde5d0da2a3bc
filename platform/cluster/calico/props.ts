import type { CalicoEncapsulation } from "../../../environment/network-plugin";

/** Settings of Calico, from the plan. */
export interface CalicoChartProps {
  readonly environment: string;
  readonly encapsulation: CalicoEncapsulation;
  /** Addresses of all pods, in CIDR form; each node takes blocks of 64 of it. */
  readonly podCidr: string;
  /** Of pods' interfaces, in bytes. */
  readonly podMtu: number;
  /** Whether its rules are of nftables, as kube-proxy's, instead of iptables. */
  readonly nftables: boolean;
  /** Replicas of Typha. @default no Typha: every node watches the API itself */
  readonly typhaReplicas?: number;
}
