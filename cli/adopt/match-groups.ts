/** Security groups by the servers that have them, and their rules by what they admit. */
import type { EnvironmentPlan } from "../../environment/plan/types";
import { keys } from "../../infra/keys";
import { isRef } from "../../infra/resource";
import type { InfraResource } from "../../infra/types";
import { RULE_KEY } from "../../openstack-api/resources/rule-key";
import type { PlainMap } from "../../provider-protocol";
import { text, texts } from "../../provider-protocol/plain";
import type { Sources } from "./environment";
import { placedServers } from "./placed-servers";

/** A key of the program with an id of the cloud. */
export type Pair = readonly [key: string, id: string];

const RULE = "openstack:networking/secGroupRule:SecGroupRule";

export function matchGroups(
  sources: Sources,
  plan: EnvironmentPlan,
  infra: readonly InfraResource[],
): readonly Pair[] {
  const groups = groupIds(sources, plan);
  const ids = new Map([...groups].map(([group, id]) => [keys.securityGroup(group), id]));
  const rules = infra.filter(({ type }) => type === RULE).flatMap((rule) => ruleMatch(rule, ids, sources));
  return [...ids, ...rules];
}

/** A group of the plan is the one that exactly its servers have; the project's "default" is nobody's. */
function groupIds(sources: Sources, plan: EnvironmentPlan): ReadonlyMap<string, string> {
  const { listing } = sources.found;
  const usersOf = new Map<string, Set<string>>();
  for (const { key, port } of placedServers(sources))
    for (const group of texts(port, "security_groups"))
      usersOf.set(group, (usersOf.get(group) ?? new Set()).add(key));
  const taken = new Set<string>();
  const found = new Map<string, string>();
  // Where several fit, the one that is named like it.
  for (const { key } of plan.securityGroups) {
    const servers = plan.servers.filter((each) => each.securityGroups.includes(key)).map((each) => each.key);
    const fitting = listing.securityGroup.filter((each) => {
      const users = usersOf.get(text(each, "id"));
      return (
        text(each, "name") !== "default" &&
        !taken.has(text(each, "id")) &&
        users?.size === servers.length &&
        servers.every((server) => users.has(server))
      );
    });
    const named =
      fitting.find((each) => sounds(text(each, "name"), key)) ??
      (fitting.length === 1 ? fitting[0] : undefined);
    if (named === undefined || servers.length === 0) continue;
    taken.add(text(named, "id"));
    found.set(key, text(named, "id"));
  }
  return found;
}

/** `k8s-control-plane` and `controlPlane` */
function sounds(name: string, key: string): boolean {
  const letters = (each: string): string => each.toLowerCase().replaceAll(/[^a-z]/g, "");
  return letters(name).includes(letters(key).replace(/s$/, ""));
}

function ruleMatch(
  rule: InfraResource,
  groups: ReadonlyMap<string, string>,
  { found }: Sources,
): readonly Pair[] {
  const wanted = Object.fromEntries(
    Object.entries(rule.inputs).map(([name, value]) => [
      name,
      isRef(value) ? (groups.get(value.ref) ?? "") : (value as string),
    ]),
  );
  const fits = (each: PlainMap): boolean =>
    text(each, "security_group_id") === wanted["securityGroupId"] &&
    RULE_KEY.every((name) => normal(each[FIELDS[name] ?? name]) === normal(wanted[name]));
  const same = found.listing.rule.find(fits);
  return same === undefined ? [] : [[rule.key, text(same, "id")]];
}

/** Neutron's names of what makes two rules the same. */
const FIELDS: Readonly<Record<string, string>> = {
  portRangeMin: "port_range_min",
  portRangeMax: "port_range_max",
  remoteIpPrefix: "remote_ip_prefix",
  remoteGroupId: "remote_group_id",
};

/** Everybody may be written as no network at all. */
function normal(value: unknown): string {
  const written = value === undefined || value === null ? "" : JSON.stringify(value).replaceAll('"', "");
  return written === "0.0.0.0/0" ? "" : written;
}
