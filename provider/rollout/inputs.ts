/** The inputs of Rollout: their rules and meaning. */
import { isList, isMap, reveal, sameValue, Unknown } from "../../provider-protocol";
import type { PropertyMap, PropertyValue } from "../../provider-protocol";
import type { InputRules } from "../inputs";

/** Lanes of one pool, each with the keys of its servers. */
export type Lanes = readonly (readonly string[])[];

const isKeys = (value: PropertyValue): boolean =>
  isList(value) && value.every((each) => typeof each === "string");

export const ROLLOUT_RULES: InputRules = {
  resource: "Rollout",
  known: ["servers", "pools"],
  rules: {
    servers: (value) =>
      isMap(value) && Object.values(value).every((each) => isMap(each) || each instanceof Unknown)
        ? undefined
        : "is a map of servers with what a change replaces or restarts them for, such as { workers/0: { generation: 1 } }",
    pools: (value) =>
      isList(value) && value.every((lanes) => isList(lanes) && lanes.every(isKeys))
        ? undefined
        : "is a list of pools in their order; each is a list of lanes, each lane a list of servers",
  },
};

/** Facts of each server, by its key. */
export function serversOf(inputs: PropertyMap): PropertyMap {
  const { servers } = reveal(inputs);
  return isMap(servers) ? servers : {};
}

export function poolsOf(inputs: PropertyMap): readonly Lanes[] {
  const { pools } = reveal(inputs);
  return isList(pools) ? pools.map((lanes) => (isList(lanes) ? lanes.map(textsOf) : [])) : [];
}

/** The texts of a list. */
export function textsOf(value: PropertyValue | undefined): readonly string[] {
  return isList(value) ? value.filter((each) => typeof each === "string") : [];
}

/** A fact of a server that existed in the old inputs, and has another value now. */
export interface ChangedFact {
  readonly server: string;
  readonly fact: string;
}

/** Added or removed servers are not a change: they are created or deleted, not rolled. */
export function changedFacts(before: PropertyMap, after: PropertyMap): readonly ChangedFact[] {
  const [old, now] = [serversOf(before), serversOf(after)];
  return Object.keys(now)
    .sort(byKey)
    .flatMap((server) => {
      const [was, is] = [old[server], now[server]];
      if (!isMap(was) || !isMap(is)) return [];
      const facts = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
      return facts
        .filter((fact) => !sameValue(was[fact] ?? null, is[fact] ?? null))
        .map((fact) => ({ server, fact }));
    });
}

/** `w/2` comes before `w/10`. */
export function byKey(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
