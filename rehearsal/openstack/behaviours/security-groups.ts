/** Neutron's security groups and their rules. */
import type { PlainMap } from "../../../provider-protocol";
import type { Draft } from "../local/draft";
import { PROJECT_ID, REGION, uuid } from "../local/identity";
import { text } from "../../../provider-protocol/plain";
import { RULE_KEY } from "../../../openstack-api/resources/rule-key";
import { SEC_GROUP, SEC_GROUP_RULE } from "../../../openstack-api/resources/tokens";

/** A new group lets everything out, by one rule for each family, unless these are unwanted. */
export function drawSecGroup({ id, inputs, previous, claim }: Draft): PlainMap {
  if (previous === undefined && inputs["deleteDefaultRules"] !== true) {
    for (const ethertype of ["IPv4", "IPv6"]) {
      const rule: PlainMap = { securityGroupId: id, direction: "egress", ethertype };
      const outputs = { ...rule, region: REGION, tenantId: PROJECT_ID };
      claim.accompany({
        type: SEC_GROUP_RULE,
        id: uuid(id, "egress", ethertype),
        urn: "",
        inputs: rule,
        outputs,
        addresses: [],
        owner: claim.holder,
      });
    }
  }
  return {};
}

export function drawSecGroupRule({ world, id, inputs }: Draft): PlainMap {
  const groupId = text(inputs, "securityGroupId");
  const twin = world
    .users(SEC_GROUP, groupId, SEC_GROUP_RULE)
    .map((user) => user.record)
    .find(
      (record) =>
        record.id !== id &&
        text(record.inputs, "securityGroupId") === groupId &&
        sameRule(record.inputs, inputs),
    );
  if (twin !== undefined)
    throw new Error(
      `409 SecurityGroupRuleExists: Security group rule already exists. Rule id is ${twin.id}.`,
    );
  return {};
}

function sameRule(a: PlainMap, b: PlainMap): boolean {
  return RULE_KEY.every((name) => (a[name] ?? "") === (b[name] ?? ""));
}
