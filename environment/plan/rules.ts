/** Building blocks of security groups: rules identified by their content, and groups without duplicates. */
import type {
  FrontendPlan,
  LoadBalancerPlan,
  PortPlan,
  RemotePlan,
  RuleProtocol,
  SecurityGroupPlan,
  SecurityGroupRulePlan,
} from "./types";

export const cidr = (value: string): RemotePlan => ({ kind: "cidr", cidr: value });
export const group = (value: string): RemotePlan => ({ kind: "group", group: value });

export type RulePorts = number | readonly [first: number, last: number] | undefined;

/** A rule; its key is derived from its content, so it stays the same when others are added or removed. */
export function rule(
  protocol: RuleProtocol,
  ports: RulePorts,
  remote: RemotePlan,
  reason: string,
): SecurityGroupRulePlan {
  const [portMin, portMax] = typeof ports === "number" ? [ports, ports] : (ports ?? []);
  const range =
    portMin === undefined ? "all" : portMin === portMax ? String(portMin) : `${portMin}-${String(portMax)}`;
  const source = remote.kind === "cidr" ? remote.cidr : remote.group;
  return {
    key: `${protocol}/${range}/${source}`,
    protocol,
    ...(portMin === undefined || portMax === undefined ? {} : { portMin, portMax }),
    remote,
    reason,
  };
}

/** The admitted networks of a port, as rules on the port that clients connect to. */
export function admissionRules(
  { protocol, admits }: Pick<PortPlan | FrontendPlan, "protocol" | "admits">,
  dialled: number,
): readonly SecurityGroupRulePlan[] {
  return admits.map((each) => rule(protocol, dialled, cidr(each.cidr), each.reason));
}

export function frontendRules({ frontends }: LoadBalancerPlan): readonly SecurityGroupRulePlan[] {
  return frontends.flatMap((front) => admissionRules(front, front.listen));
}

/**
 * On the VIP's port of a load balancer by Octavia. It filters if the provider sends traffic through that port; an
 * amphora's own port gets its rules from the listeners' lists, which have the same admissions.
 */
export function octaviaGroup(environment: string, balancer: LoadBalancerPlan): SecurityGroupPlan {
  return securityGroup(
    environment,
    balancer.key,
    `VIP of the Octavia load balancer ${balancer.key}`,
    frontendRules(balancer),
  );
}

/** A group of `environment`. Neutron refuses an existing rule, so equal rules become one with all reasons. */
export function securityGroup(
  environment: string,
  key: string,
  description: string,
  rules: readonly SecurityGroupRulePlan[],
): SecurityGroupPlan {
  const byKey = new Map<string, SecurityGroupRulePlan>();
  for (const each of rules) {
    const known = byKey.get(each.key);
    byKey.set(each.key, known === undefined ? each : { ...known, reason: bothReasons(known, each) });
  }
  return { key, name: `${environment}-${key}`, description, rules: [...byKey.values()] };
}

function bothReasons(first: SecurityGroupRulePlan, second: SecurityGroupRulePlan): string {
  const reasons = first.reason.split("; ");
  return reasons.includes(second.reason) ? first.reason : [...reasons, second.reason].join("; ");
}
