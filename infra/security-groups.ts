/** Security groups and their rules. */
import type { InfraPlan } from "../environment/plan/infra-plan";
import { assertNever } from "../errors/assert-never";
import type { RuleProtocol, SecurityGroupPlan, SecurityGroupRulePlan } from "../environment/plan/types";
import type { Context } from "./context";
import { keys } from "./keys";
import { ref, resource } from "./resource";
import type { InfraResource, Inputs, Ref } from "./types";

const COMPONENT = "security";
const GROUP = "openstack:networking/secGroup:SecGroup";
const RULE = "openstack:networking/secGroupRule:SecGroupRule";

/**
 * Neutron refuses two equal rules in one group, regardless of their descriptions, and a rule cannot be updated. So a
 * rule whose description changes is deleted before it is recreated.
 */
const REPLACED_IN_PLACE = { deleteBeforeReplace: true } as const;

export function describeSecurityGroups(context: Context): readonly InfraResource[] {
  return context.plan.securityGroups.flatMap((group) => [
    securityGroup(group, context),
    egress(group),
    ...group.rules.map((rule) => ingress(group, rule, context.plan)),
  ]);
}

/** Without Neutron's default rules: the plan lists all allowed traffic. */
function securityGroup(group: SecurityGroupPlan, { tags }: Context): InfraResource {
  return resource(COMPONENT, GROUP, keys.securityGroup(group.key), {
    name: group.name,
    description: group.description,
    deleteDefaultRules: true,
    tags,
  });
}

function egress(group: SecurityGroupPlan): InfraResource {
  return resource(
    COMPONENT,
    RULE,
    keys.egress(group.key),
    {
      securityGroupId: securityGroupId(group.key),
      direction: "egress",
      ethertype: "IPv4",
      remoteIpPrefix: "0.0.0.0/0",
      description: "Servers may open connections to anywhere",
    },
    REPLACED_IN_PLACE,
  );
}

function ingress(group: SecurityGroupPlan, rule: SecurityGroupRulePlan, plan: InfraPlan): InfraResource {
  return resource(
    COMPONENT,
    RULE,
    keys.rule(group.key, rule.key),
    {
      securityGroupId: securityGroupId(group.key),
      direction: "ingress",
      ethertype: "IPv4",
      protocol: protocolInput(rule.protocol),
      ...portRange(rule),
      ...remote(rule, plan),
      description: rule.reason,
    },
    REPLACED_IN_PLACE,
  );
}

/** Not all Neutron releases have names for VRRP and IP-in-IP, so IANA numbers are used. */
function protocolInput(protocol: RuleProtocol): string | undefined {
  switch (protocol) {
    case "tcp":
    case "udp":
    case "icmp":
      return protocol;
    case "vrrp":
      return "112";
    case "ipip":
      return "4";
    case "any":
      return undefined;
    default:
      return assertNever(protocol);
  }
}

type RangeInputs = Pick<Inputs<typeof RULE>, "portRangeMin" | "portRangeMax">;
type RemoteInputs = Pick<Inputs<typeof RULE>, "remoteIpPrefix" | "remoteGroupId">;

/** The range is omitted for all ports of a protocol: otherwise the plugin shows drift. */
function portRange({ portMin, portMax }: SecurityGroupRulePlan): RangeInputs {
  if (portMin === undefined || (portMin <= 1 && portMax === 65535)) return {};
  return { portRangeMin: portMin, portRangeMax: portMax ?? portMin };
}

function remote({ key, remote: from }: SecurityGroupRulePlan, plan: InfraPlan): RemoteInputs {
  switch (from.kind) {
    case "cidr":
      return { remoteIpPrefix: from.cidr };
    case "group":
      if (plan.securityGroups.some((group) => group.key === from.group)) {
        return { remoteGroupId: securityGroupId(from.group) };
      }
      throw new Error(`security-group rule ${key}: group ${from.group} is not in the plan`);
    default:
      return assertNever(from);
  }
}

export function securityGroupId(group: string): Ref {
  return ref(GROUP, keys.securityGroup(group), "id");
}
