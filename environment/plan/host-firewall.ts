/**
 * Each server's own firewall, derived from its security groups, so that the two cannot disagree. A group as source
 * becomes the planned ranges of the group's roles: adding a server changes no other server's firewall.
 */
import { rangeHyphen, type Ranges } from "./ranges";
import type {
  HostFirewallPlan,
  HostFirewallRulePlan,
  NetworkPlan,
  SecurityGroupPlan,
  ServerPlan,
  WireGuardPlan,
} from "./types";

interface FirewallContext {
  readonly network: NetworkPlan;
  readonly ranges: Ranges;
  readonly servers: readonly ServerPlan[];
  readonly securityGroups: readonly SecurityGroupPlan[];
  readonly podCidr: string;
  readonly wireguard?: WireGuardPlan;
}

export function hostFirewallPlans(context: FirewallContext): readonly HostFirewallPlan[] {
  const sources = groupSources(context);
  const rules = new Map(context.securityGroups.map((group) => [group.key, groupRules(group, sources)]));
  return context.servers.map((server) => ({
    server: server.key,
    accept: unique(server.securityGroups.flatMap((key) => rules.get(key) ?? [])),
    forward: forwards(server, context),
  }));
}

/** Source addresses of each group: the ranges of the roles whose servers are in it. */
function groupSources(context: FirewallContext): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, Set<string>>();
  for (const server of context.servers) {
    const range = context.network.fixedAddresses
      ? rangeHyphen(context.ranges[server.role])
      : context.network.cidr;
    for (const group of server.securityGroups) {
      const known = sources.get(group) ?? new Set<string>();
      sources.set(group, known.add(range));
    }
  }
  sources.get("nodes")?.add(context.podCidr);
  return new Map([...sources].map(([group, ranges]) => [group, [...ranges]]));
}

function groupRules(
  group: SecurityGroupPlan,
  sources: ReadonlyMap<string, readonly string[]>,
): readonly HostFirewallRulePlan[] {
  return group.rules.map(({ protocol, portMin, portMax, remote, reason }) => ({
    protocol,
    ...(portMin === undefined ? {} : { portMin }),
    ...(portMax === undefined ? {} : { portMax }),
    from: remote.kind === "cidr" ? [remote.cidr] : (sources.get(remote.group) ?? []),
    reason,
  }));
}

function unique(rules: readonly HostFirewallRulePlan[]): readonly HostFirewallRulePlan[] {
  return [...new Map(rules.map((rule) => [JSON.stringify({ ...rule, reason: "" }), rule])).values()];
}

function forwards(server: ServerPlan, context: FirewallContext): HostFirewallPlan["forward"] {
  if (context.wireguard === undefined || server.role !== "gateway") return [];
  return [
    {
      fromInterface: "wg0",
      to: context.network.cidr,
      reason: "WireGuard clients into the network, masqueraded",
    },
  ];
}
