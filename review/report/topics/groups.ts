/** Security groups with their rules: who may connect to which servers, and the setting that each rule follows from. */
import type { RemotePlan, SecurityGroupPlan, SecurityGroupRulePlan } from "../../../environment/plan/types";
import { keys } from "../../../infra/keys";
import { spanText } from "../../ports-text";
import { distinct, joined, link, placeOf, type ReportInput } from "../context";
import { ids } from "../ids";
import { settingsOfRules, type SettingOfRule } from "../rule-settings";
import type { Line, Piece, Row, Section, Table, Thing } from "../types";

export function groupSection(input: ReportInput): Section {
  const { plan } = input.lab;
  const settingOf = settingsOfRules(plan);
  const pools = poolsByGroup(input);
  return {
    id: "groups",
    title: "Security groups",
    columns: ["for", "rules", "pools"],
    things: plan.securityGroups.map((group) =>
      groupThing(group, pools.get(group.key) ?? [], settingOf, input),
    ),
  };
}

function poolsByGroup({ lab: { plan } }: ReportInput): ReadonlyMap<string, readonly string[]> {
  const pools = new Map<string, Set<string>>();
  for (const { pool, securityGroups } of plan.servers)
    for (const group of securityGroups) pools.set(group, (pools.get(group) ?? new Set()).add(pool));
  return new Map([...pools].map(([group, names]) => [group, [...names]]));
}

function groupThing(
  group: SecurityGroupPlan,
  pools: readonly string[],
  settingOf: SettingOfRule,
  input: ReportInput,
): Thing {
  const { key, name, description, rules } = group;
  const linked = joined(pools.map((pool) => link(pool, ids.pool(pool))));
  const paths = distinct(rules.flatMap((rule) => settingOf(key, rule) ?? []));
  return {
    id: ids.group(key),
    what: "security group",
    title: name,
    summary: [[description], [String(rules.length)], linked],
    facts: [
      { label: "for", value: [description] },
      { label: "servers", value: linked.length === 0 ? ["none; an address of its own has it"] : linked },
      { label: "outgoing", value: ["servers may open connections to anywhere"] },
      { label: "in OpenStack", value: [keys.securityGroup(key)] },
    ],
    places: paths.map((path) => placeOf(input, path)),
    reached: [],
    tables: [ruleTable(group, settingOf, input)],
  };
}

function ruleTable({ key, rules }: SecurityGroupPlan, settingOf: SettingOfRule, input: ReportInput): Table {
  return {
    title: "Rules: what may come in",
    columns: ["ports", "from", "why"],
    rows: rules.map((rule): Row => {
      const path = settingOf(key, rule);
      return {
        id: ids.rule(key, rule.key),
        cells: [[portsOf(rule)], [remotePiece(rule.remote)], [rule.reason]],
        ...(path === undefined ? {} : { place: placeOf(input, path) }),
      };
    }),
  };
}

/** `tcp 443`. */
export function portsOf({
  protocol,
  portMin,
  portMax,
}: Pick<SecurityGroupRulePlan, "protocol" | "portMin" | "portMax">): string {
  if (protocol === "any") return "everything";
  return portMin === undefined ? protocol : `${protocol} ${spanText(portMin, portMax)}`;
}

function remotePiece(remote: RemotePlan): Piece {
  return remote.kind === "cidr"
    ? networkText(remote.cidr)
    : link(`group ${remote.group}`, ids.group(remote.group));
}

/** The network that means everybody is named so. */
export function networkText(cidr: string): string {
  return cidr === "0.0.0.0/0" ? `${cidr} (the internet)` : cidr;
}

/** A rule on one line, with a link to it. */
export function ruleLine(group: string, rule: SecurityGroupRulePlan): Line {
  return [
    link(portsOf(rule), ids.rule(group, rule.key)),
    " from ",
    remotePiece(rule.remote),
    `: ${rule.reason}`,
  ];
}
