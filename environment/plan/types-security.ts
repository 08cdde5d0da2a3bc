/** Allowed traffic: security groups in Neutron, and the firewall of each server. */
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
  readonly from: readonly string[];
  readonly reason: string;
}

export interface HostFirewallPlan {
  readonly server: string;
  readonly accept: readonly HostFirewallRulePlan[];
  /** Flows that pass through (WireGuard clients into the subnet). */
  readonly forward: readonly {
    readonly fromInterface: string;
    readonly to: string;
    readonly reason: string;
  }[];
}
