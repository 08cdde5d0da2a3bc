/** What a run would change of the watched resources, compared with the record of the last run. Pure. */
import type { Change } from "./change";
import { leavingChanges } from "./leaving";
import type { Allowance, GuardedResource, GuardInputs, GuardRecord } from "./inputs";

/** One fact in which a resource still has the value of its creation, not the configured one. */
export interface Lag {
  readonly key: string;
  readonly name: string;
  readonly made: string;
  readonly is: string;
  readonly opaque: boolean;
  /** Path of the setting in the configuration; empty if there is no single setting. */
  readonly at: string;
  /** Path of the generation that applies it to the resource. */
  readonly roll?: string;
}

export interface Verdict {
  /** The record for the next run. */
  readonly records: Readonly<Record<string, GuardRecord>>;
  /** Changes that are not allowed. */
  readonly refused: readonly Change[];
  readonly lags: readonly Lag[];
  /** Allowances that match no change. */
  readonly unused: readonly Allowance[];
  /** Protected resources that are no longer configured. */
  readonly gone: readonly string[];
}

export function judge(
  before: Readonly<Record<string, GuardRecord>>,
  { guarded, allow, holders }: Pick<GuardInputs, "guarded" | "allow" | "holders">,
): Verdict {
  const entries = Object.entries(guarded);
  const changes = entries.flatMap(([key, resource]) => changesOf(key, resource, before[key]));
  const stopping = [
    ...changes.filter((each) => disturbs(each, before[each.key])),
    ...leavingChanges(before, { guarded, holders }),
  ];
  const refused = stopping.filter((change) => !allow.some((each) => fits(each, change)));
  const replaced = new Set(stopping.filter((each) => each.fact.change === "replace").map((each) => each.key));
  const records = entries.map(
    ([key, resource]) => [key, record(resource, before[key], replaced.has(key))] as const,
  );
  return {
    records: Object.fromEntries(records),
    refused,
    lags: records.flatMap(([key, recorded]) => lagsOf(key, guarded[key], recorded)),
    unused: allow.filter((each) => !stopping.some((change) => fits(each, change))),
    gone: Object.keys(before).filter((key) => before[key]?.protected === true && guarded[key] === undefined),
  };
}

/** A fact without a record or an assumed value, or that is not configured, has not changed. Each change is reported once. */
function changesOf(
  key: string,
  resource: GuardedResource,
  recorded: GuardRecord | undefined,
): readonly Change[] {
  const changes = Object.entries(resource.facts).flatMap(([name, fact]) => {
    const was = recorded?.facts[name] ?? recorded?.facts[fact.recordedAs ?? name] ?? fact.assumed;
    return was === undefined || fact.value === "" || fact.value === was
      ? []
      : [{ key, resource, name, fact, was }];
  });
  return changes.filter((each) => !changes.some((other) => isTheSame(each, other)));
}

/** Whether a fact only follows the one that it is recorded as. */
function isTheSame({ fact, was }: Change, other: Change): boolean {
  return other.name === fact.recordedAs && other.was === was && other.fact.value === fact.value;
}

function isRolled({ generation }: GuardedResource, recorded: GuardRecord | undefined): boolean {
  return generation !== undefined && recorded?.generation !== undefined && generation !== recorded.generation;
}

/** Whether an existing resource is recreated: rolled, or by a change that replaces it. */
export function isReplaced(
  key: string,
  before: Readonly<Record<string, GuardRecord>>,
  { guarded }: Pick<GuardInputs, "guarded">,
): boolean {
  const [resource, recorded] = [guarded[key], before[key]];
  if (resource === undefined || recorded === undefined) return false;
  return (
    isRolled(resource, recorded) ||
    changesOf(key, resource, recorded).some(({ fact }) => fact.change === "replace")
  );
}

/** Whether the change has to be allowed. Rolling a resource allows all changes of its replacement. */
function disturbs({ resource, name, fact, was }: Change, recorded: GuardRecord | undefined): boolean {
  if (fact.free?.includes(was) === true) return false;
  switch (fact.change) {
    case "told":
      return false;
    case "grow":
      return Number(fact.value) < Number(was);
    case "interrupt":
    case "fixed":
      return true;
    case "later":
      return !isRolled(resource, recorded) && fact.value !== recorded?.made?.[name];
    case "restart":
    case "replace":
      return !isRolled(resource, recorded);
    case "rolled":
      return !isRolled(resource, recorded) && added(fact.value, was).length > 0;
    case "release":
      return !isRolled(resource, recorded) || fact.value !== nextMinor(was);
  }
}

/** Of two lists, separated by commas. */
function added(now: string, was: string): readonly string[] {
  const there = was.split(", ");
  return now.split(", ").filter((each) => !there.includes(each));
}

/** `1.37` of `1.36`. */
export function nextMinor(release: string): string {
  const [major = "", minor] = release.split(".");
  return `${major}.${Number(minor) + 1}`;
}

function fits(allowance: Allowance, { key, fact }: Change): boolean {
  return allowance.change === fact.change && allowance.to === fact.value && matches(allowance.resource, key);
}

/** `*` stands for any characters. */
export function matches(pattern: string, key: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return key === first;
  if (!key.startsWith(first) || key.length < first.length + last.length || !key.endsWith(last)) return false;
  let at = first.length;
  const end = key.length - last.length;
  for (const part of rest) {
    const found = key.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function record(
  resource: GuardedResource,
  recorded: GuardRecord | undefined,
  replaced: boolean,
): GuardRecord {
  const facts = Object.entries(resource.facts).map(
    ([name, { value }]) => [name, value === "" ? (recorded?.facts[name] ?? "") : value] as const,
  );
  const made =
    replaced || isRolled(resource, recorded) ? [] : madeWith(resource, recorded, Object.fromEntries(facts));
  return {
    facts: Object.fromEntries(facts),
    ...(resource.generation === undefined ? {} : { generation: resource.generation }),
    ...(made.length === 0 ? {} : { made: Object.fromEntries(made) }),
    ...(resource.protected === undefined ? {} : { protected: true }),
  };
}

/** Values that an existing resource was created with, where the configuration has changed since. */
function madeWith(
  resource: GuardedResource,
  recorded: GuardRecord | undefined,
  facts: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return Object.entries(resource.facts).flatMap(([name, { change }]) => {
    if (change !== "later" && change !== "told") return [];
    const made = recorded?.made?.[name] ?? recorded?.facts[name];
    return made === undefined || made === facts[name] ? [] : [[name, made] as const];
  });
}

/** A lag that another one explains is not reported separately. */
function lagsOf(
  key: string,
  resource: GuardedResource | undefined,
  { facts, made = {} }: GuardRecord,
): readonly Lag[] {
  const names = Object.keys(made);
  const explained = names.flatMap((name) => resource?.facts[name]?.explains ?? []);
  return names
    .filter((name) => !explained.includes(name))
    .map((name) => {
      const { opaque = false, at = "" } = resource?.facts[name] ?? {};
      const roll = resource?.roll === undefined ? {} : { roll: resource.roll };
      return { key, name, made: made[name] ?? "", is: facts[name] ?? "", opaque, at, ...roll };
    });
}
