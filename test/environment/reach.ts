/** Whether a plan lets traffic through: by security groups and by a server's own firewall, each judged by itself. */
import { contains, parseCidr, toNumber } from "../../environment/addresses";
import type {
  EnvironmentPlan,
  HostFirewallRulePlan,
  RuleProtocol,
  ServerPlan,
} from "../../environment/plan/types";

export interface Flow {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Address it comes from. */
  readonly from: string;
  /** Security groups of the server it comes from, if it is one of the plan's. */
  readonly fromGroups?: readonly string[];
}

interface Ported {
  readonly protocol: RuleProtocol;
  readonly portMin?: number;
  readonly portMax?: number;
}

function fits(rule: Ported, flow: Flow): boolean {
  if (rule.protocol !== "any" && rule.protocol !== flow.protocol) return false;
  return (
    rule.portMin === undefined || (flow.port >= rule.portMin && flow.port <= (rule.portMax ?? rule.portMin))
  );
}

/** True where any of the groups has a rule for the flow. */
export function groupsAdmit(plan: EnvironmentPlan, groups: readonly string[], flow: Flow): boolean {
  return plan.securityGroups
    .filter((group) => groups.includes(group.key))
    .flatMap((group) => group.rules)
    .filter((rule) => fits(rule, flow))
    .some(({ remote }) =>
      remote.kind === "cidr"
        ? contains(parseCidr(remote.cidr), flow.from)
        : (flow.fromGroups ?? []).includes(remote.group),
    );
}

export function firewallAdmits(plan: EnvironmentPlan, server: string, flow: Flow): boolean {
  const firewall = plan.hostFirewalls.find((each) => each.server === server);
  return (firewall?.accept ?? []).some(
    (rule) => fits(rule, flow) && rule.from.some((source) => covers(source, flow.from)),
  );
}

function covers(source: HostFirewallRulePlan["from"][number], ip: string): boolean {
  const [first = "", last] = source.split("-");
  if (last === undefined) return contains(parseCidr(source), ip);
  return toNumber(ip) >= toNumber(first) && toNumber(ip) <= toNumber(last);
}

export function serverAdmits(plan: EnvironmentPlan, server: ServerPlan, flow: Flow): boolean {
  return groupsAdmit(plan, server.securityGroups, flow) && firewallAdmits(plan, server.key, flow);
}
