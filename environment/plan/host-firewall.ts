/**
 * Each server's own firewall, derived from its security groups, so that the two cannot disagree. A group as source
 * becomes the planned ranges of the group's roles: adding a server changes no other server's firewall.
 */
import { rangeHyphen, type Ranges } from "./ranges";
import { NODES_GROUP } from "./constants";
import { rolesOf } from "./security-groups";
import type {
  HostFirewallPlan,
  HostFirewallRulePlan,
  LoadBalancerPlan,
  NetworkPlan,
  RemotePlan,
  SecurityGroupPlan,
  ServerPlan,
  WireGuardPlan,
} from "./types";

interface FirewallContext {
  readonly network: NetworkPlan;
  readonly ranges: Ranges;
  readonly servers: readonly ServerPlan[];
  readonly securityGroups: readonly SecurityGroupPlan[];
  readonly loadBalancers: readonly LoadBalancerPlan[];
  readonly podCidr: string;
  readonly wireguard?: WireGuardPlan;
}

export function hostFirewallPlans(context: FirewallContext): readonly HostFirewallPlan[] {
  const rules = new Map(context.securityGroups.map((group) => [group.key, groupRules(group, context)]));
  return context.servers.map((server) => ({
    server: server.key,
    accept: unique([
      ...server.securityGroups.flatMap((key) => rules.get(key) ?? []),
      ...fromTunnel(server, context),
    ]),
    forward: forwards(server, context),
  }));
}

function groupRules(group: SecurityGroupPlan, context: FirewallContext): readonly HostFirewallRulePlan[] {
  return group.rules.map(({ protocol, portMin, portMax, remote, reason }) => ({
    protocol,
    ...(portMin === undefined ? {} : { portMin }),
    ...(portMax === undefined ? {} : { portMax }),
    from: sources(remote, context),
    reason,
  }));
}

/** Source addresses of a rule; of a group, the ranges of the roles that are in it, with or without servers today. */
function sources(remote: RemotePlan, { network, ranges, podCidr }: FirewallContext): readonly string[] {
  if (remote.kind === "cidr") return [remote.cidr];
  const servers = network.fixedAddresses
    ? rolesOf(remote.group).map((role) => rangeHyphen(ranges[role]))
    : [network.cidr];
  return remote.group === NODES_GROUP ? [...servers, podCidr] : servers;
}

function unique(rules: readonly HostFirewallRulePlan[]): readonly HostFirewallRulePlan[] {
  return [...new Map(rules.map((rule) => [JSON.stringify({ ...rule, reason: "" }), rule])).values()];
}

/**
 * What comes out of the tunnel to the gateway itself keeps its tunnel address, which no security group sees: the
 * operators' SSH, ping, and the API where the gateways carry it.
 */
function fromTunnel(server: ServerPlan, context: FirewallContext): readonly HostFirewallRulePlan[] {
  const { wireguard } = context;
  if (wireguard === undefined || server.role !== "gateway") return [];
  const from = [wireguard.cidr];
  const api = context.loadBalancers
    .filter((each) => each.key === "api" && each.servers.includes(server.key))
    .flatMap((each) => each.frontends);
  return [
    { protocol: "tcp", portMin: 22, portMax: 22, from, reason: "SSH of WireGuard clients to the gateway" },
    { protocol: "icmp", from, reason: "ping of WireGuard clients" },
    ...api.map(({ listen }): HostFirewallRulePlan => ({
      protocol: "tcp",
      portMin: listen,
      portMax: listen,
      from,
      reason: "API for WireGuard clients",
    })),
  ];
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
