/** Ports of servers inside the network that people and peers of the tunnel cannot connect to. */
import { finding, type Finding } from "../environment/findings";
import type {
  EnvironmentPlan,
  ReachPlan,
  SecurityGroupPlan,
  SecurityGroupRulePlan,
} from "../environment/plan/types";

/** One note that lists them, if anyone connects by the tunnel or through the bastion. */
export function insidePorts(plan: EnvironmentPlan): readonly Finding[] {
  const closed = plan.securityGroups.flatMap((group) => closedPorts(group, plan));
  if (plan.reach.length === 0 || closed.length === 0) return [];
  return [
    finding(
      "access.inside",
      "people",
      `of what servers answer inside the network, nobody of people and access.wireguard.peers reaches ${closed.join("; ")}`,
      "write people.<name>.applications for an application of a server, and publish what others are to use",
    ),
  ];
}

function closedPorts(
  { key, rules }: SecurityGroupPlan,
  { network, reach }: EnvironmentPlan,
): readonly string[] {
  const closed = rules.filter(
    (rule) =>
      rule.portMin !== undefined &&
      isInside(rule, network.cidr) &&
      !reach.some((each) => reaches(each, rule)),
  );
  const texts = new Set(closed.map(({ protocol, ...ports }) => `${protocol} ${portsText(ports)}`));
  return texts.size === 0 ? [] : [`${key} ${[...texts].join(", ")}`];
}

/** Open to the addresses of bastion and gateways, which people's connections have. */
function isInside({ remote }: SecurityGroupRulePlan, network: string): boolean {
  return remote.kind === "cidr" ? remote.cidr === network : ["bastion", "gateway"].includes(remote.group);
}

function reaches(
  { ssh, destinations }: ReachPlan,
  { protocol, portMin, portMax }: SecurityGroupRulePlan,
): boolean {
  const ports = [...(ssh === "every server" ? [{ protocol: "tcp", port: 22 }] : []), ...destinations];
  return ports.some((each) => each.protocol === protocol && each.port === portMin && each.port === portMax);
}

function portsText({ portMin, portMax }: Pick<SecurityGroupRulePlan, "portMin" | "portMax">): string {
  return portMin === portMax ? String(portMin) : `${String(portMin)}–${String(portMax)}`;
}
