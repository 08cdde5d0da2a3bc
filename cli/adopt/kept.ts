/** How the things of the cloud differ from what the environment plans: each difference is kept as it was found. */
import type { Adopted } from "../../environment/adopted";
import { isDeferred, isRef } from "../../infra/resource";
import type { InfraResource } from "../../infra/types";
import { covers } from "../../openstack-api/resources/fields";
import { isList, type PlainMap, type PlainValue } from "../../provider-protocol";
import type { Matches } from "./match";

/** Inputs as the cloud reports them, by key. */
export type LiveInputs = ReadonlyMap<string, PlainMap>;

/** Inputs that no service reports: they are instructions for the plugin. */
const INSTRUCTIONS: ReadonlySet<string> = new Set([
  "deleteDefaultRules",
  "enableOnlineResize",
  "forceDestroy",
  "stopBeforeDestroy",
]);

/** Inputs that mean "none" where they are not planned, and that a person may have set. */
const NONE_IF_ABSENT: readonly string[] = ["allowedAddressPairs"];

/** What was found: ids and inputs by key. */
export interface Known {
  readonly matches: Matches;
  readonly live: LiveInputs;
}

export function adoptedOf(infra: readonly InfraResource[], matches: Matches, live: LiveInputs): Adopted {
  const kept = infra.flatMap((resource) => {
    const found = live.get(resource.key);
    const fields = found === undefined ? {} : keptOf(resource, found, { matches, live });
    return Object.keys(fields).length === 0 ? [] : [[resource.key, fields] as const];
  });
  return {
    imports: Object.fromEntries(
      infra.flatMap(({ key }) => (live.has(key) ? [[key, matches.get(key) ?? ""]] : [])),
    ),
    kept: Object.fromEntries(kept) as Adopted["kept"],
    later: infra.map(({ key }) => key).filter((key) => !live.has(key)),
    infrastructureOnly: true,
  };
}

function keptOf({ inputs, options }: InfraResource, found: PlainMap, known: Known): PlainMap {
  const ignored = new Set([...(options.ignoreChanges ?? []), ...INSTRUCTIONS]);
  const planned = Object.entries(inputs)
    .filter(([name]) => !ignored.has(name))
    .flatMap(([name, value]) => {
      const wanted = resolved(value, known);
      const is = found[name] ?? null;
      return wanted !== undefined && covers(is, wanted) ? [] : [[name, is] as const];
    });
  const added = NONE_IF_ABSENT.flatMap((name) => {
    const is = found[name];
    return name in inputs || !isList(is) || is.length === 0 ? [] : [[name, is] as const];
  });
  return Object.fromEntries([...planned, ...added]);
}

/** A planned value with the ids of what was found; undefined if it refers to something else. */
export function resolved(value: unknown, { matches, live }: Known): PlainValue | undefined {
  if (isRef(value))
    return value.output === "id" ? matches.get(value.ref) : live.get(value.ref)?.[value.output];
  if (isDeferred(value)) return undefined;
  if (Array.isArray(value)) {
    const all = value.map((each) => resolved(each, { matches, live }));
    return all.some((each) => each === undefined) ? undefined : (all as PlainValue);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([name, each]) => [name, resolved(each, { matches, live })] as const,
    );
    return entries.some(([, each]) => each === undefined)
      ? undefined
      : (Object.fromEntries(entries) as PlainMap);
  }
  return value as PlainValue;
}
