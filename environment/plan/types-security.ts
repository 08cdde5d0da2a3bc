/** Allowed traffic: security groups in Neutron, and the firewall of each server. */
import type { NonEmpty } from "../non-empty";

export type RuleProtocol = "tcp" | "udp" | "icmp" | "vrrp" | "ipip" | "any";
export type RemotePlan =
  { readonly kind: "cidr"; readonly cidr: string } | { readonly kind: "group"; readonly group: string };

export interface SecurityGroupRulePlan {
  /** Unique in its group and derived from the rule's fields, so that a rule keeps its identity when others come and go. */
  readonly key: string;
  readonly protocol: RuleProtocol;
  readonly portMin?: number;
  readonly portMax?: number;
  readonly remote: RemotePlan;
  /** Why this is open, for the person who reviews it. */
  readonly reason: string;
}

export interface SecurityGroupPlan {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly rules: readonly SecurityGroupRulePlan[];
}

/** One accepted flow of a server's own firewall (nftables, default drop). */
export interface HostFirewallRulePlan {
  readonly protocol: RuleProtocol;
  readonly portMin?: number;
  readonly portMax?: number;
  /** CIDRs, or ranges `first-last` as nftables writes them. */
  readonly from: NonEmpty<string>;
  readonly reason: string;
}

/** What a rule of the tunnel is about. */
export type TunnelFlow =
  { readonly protocol: "icmp" } | { readonly protocol: "tcp" | "udp"; readonly port: number };

/** One flow out of the tunnel, to the gateway itself or onwards. */
export type TunnelRulePlan = TunnelFlow & {
  /** Peers' addresses in the tunnel; WireGuard takes no packet of a peer from another one. */
  readonly from: NonEmpty<string>;
  /** Addresses (also those assigned later, as named values), CIDRs, or ranges `first-last`. */
  readonly to: NonEmpty<string>;
  readonly reason: string;
};

/** What a gateway lets out of the tunnel; everything else that comes from there is dropped. */
export interface TunnelPassagePlan {
  readonly interface: string;
  /** Addresses of the tunnel, and the network that they are masqueraded into. */
  readonly from: string;
  readonly to: string;
  /** The gateway's own address in the tunnel. */
  readonly own: string;
  readonly rules: readonly TunnelRulePlan[];
}

export interface HostFirewallPlan {
  readonly server: string;
  readonly accept: readonly HostFirewallRulePlan[];
  /** Addresses beside its own that a node answers for: MetalLB's. @default none */
  readonly addresses?: NonEmpty<string>;
  /** Only of WireGuard gateways, which route nothing else. */
  readonly tunnel?: TunnelPassagePlan;
}
