/**
 * Each server's own firewall, derived from its security groups, so that the two cannot disagree. A group as source
 * becomes the planned ranges of the group's roles: adding a server changes no other server's firewall.
 */
import { isNonEmpty, mapNonEmpty, type NonEmpty } from "../non-empty";
import { rangeHyphen, type Ranges } from "./ranges";
import { NODES_GROUP } from "./constants";
import { rolesOf } from "./security-groups";
import type {
  HostFirewallPlan,
  HostFirewallRulePlan,
  NetworkPlan,
  RemotePlan,
  SecurityGroupPlan,
  ServerPlan,
  TunnelPassagePlan,
  VipPlan,
} from "./types";

interface FirewallContext {
  readonly network: NetworkPlan;
  readonly ranges: Ranges;
  readonly servers: readonly ServerPlan[];
  readonly securityGroups: readonly SecurityGroupPlan[];
  readonly vips: readonly VipPlan[];
  readonly podCidr: string;
  /** Traffic that gateways forward from the tunnel, if there is one. */
  readonly tunnel?: TunnelPassagePlan;
}

export function hostFirewallPlans(context: FirewallContext): readonly HostFirewallPlan[] {
  const rules = new Map(context.securityGroups.map((group) => [group.key, groupRules(group, context)]));
  return context.servers.map((server) => ({
    server: server.key,
    accept: unique(server.securityGroups.flatMap((key) => rules.get(key) ?? [])),
    ...answeredFor(server, context.vips),
    ...(context.tunnel !== undefined && server.role === "gateway" ? { tunnel: context.tunnel } : {}),
  }));
}

/** Addresses that MetalLB may move to the server. */
function answeredFor(
  { securityGroups: own }: ServerPlan,
  vips: readonly VipPlan[],
): Pick<HostFirewallPlan, "addresses"> {
  const addresses = vips
    .filter(
      ({ holder, securityGroups }) => holder === "metallb" && securityGroups.some((key) => own.includes(key)),
    )
    .flatMap(({ address }) => (address.kind === "planned" ? [address.ip] : []));
  return isNonEmpty(addresses) ? { addresses } : {};
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

/** Source addresses of a rule; of a group, the ranges of its roles, with or without servers today. */
function sources(remote: RemotePlan, { network, ranges, podCidr }: FirewallContext): NonEmpty<string> {
  if (remote.kind === "cidr") return [remote.cidr];
  const servers: NonEmpty<string> = network.fixedAddresses
    ? mapNonEmpty(rolesOf(remote.group), (role) => rangeHyphen(ranges[role]))
    : [network.cidr];
  return remote.group === NODES_GROUP ? [...servers, podCidr] : servers;
}

function unique(rules: readonly HostFirewallRulePlan[]): readonly HostFirewallRulePlan[] {
  return [...new Map(rules.map((rule) => [JSON.stringify({ ...rule, reason: "" }), rule])).values()];
}
