/** Which setting a rule of a security group follows from; undefined for those that follow from the servers' roles. */
import type { RuleProtocol, SecurityGroupRulePlan } from "../../environment/plan/types";
import type { Plan } from "./context";

export type SettingOfRule = (group: string, rule: SecurityGroupRulePlan) => string | undefined;

/** Indexes the ports once, so that thousands of rules stay cheap. */
export function settingsOfRules(plan: Plan): SettingOfRule {
  const ports = new Map<string, string>();
  for (const port of plan.ports)
    for (const number of [port.external, port.backend]) ports.set(portKey(port.protocol, number), port.path);
  const tenants = new Map(
    plan.tenants.flatMap(({ name, ingress, window }) =>
      [ingress.http, ingress.https, window?.from].map(
        (port) => [portKey("tcp", port), `tenants.${name}`] as const,
      ),
    ),
  );
  return (group, { protocol, portMin }) => {
    if (group === "bastion" && portMin === 22) return "access.ssh.from";
    if (protocol === "udp" && portMin === plan.wireguard?.port) return "access.wireguard.from";
    const key = portKey(protocol, portMin);
    return ports.get(key) ?? tenants.get(key);
  };
}

function portKey(protocol: RuleProtocol, port: number | undefined): string {
  return `${protocol} ${String(port)}`;
}
