/** The inputs of ChangeGuard, and what the state records of them. */
import { DISRUPTIONS, type Disruption } from "../../environment/changes";
import { isList, isMap, reveal } from "../../provider-protocol";
import type { PropertyMap, PropertyValue } from "../../provider-protocol";
import { text } from "../inputs";
import type { InputRules, Rule } from "../inputs";

/**
 * What a change of a fact does.
 * - one of the disruptions, which a person may allow
 * - `told`: as `later`, but only reported, never refused
 * - `grow`: a number that may become larger, never smaller
 * - `fixed`: a value that never changes
 * - `rolled`: a list, separated by commas; what is new in it comes with a new resource only
 */
export const FACT_KINDS = [...DISRUPTIONS, "told", "grow", "fixed", "rolled"] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** One setting of a resource that is watched. */
export interface GuardedFact {
  /** Empty if it is not configured: then the old value stays. */
  readonly value: string;
  /** Path of the setting in the configuration. */
  readonly at: string;
  readonly change: FactKind;
  /** The effect of a change, before the names of the resources: `restarts`. */
  readonly effect: string;
  /** The value means nothing to a reader, such as a hash. @default false */
  readonly opaque?: boolean;
  /** What to do instead. @default only what the kind of change allows */
  readonly instead?: string;
  /** Old values that nothing depends on, so that any other may follow. @default none */
  readonly free?: readonly string[];
  /** The old value of a resource that has no record yet. @default none: it is new, and nothing has changed */
  readonly assumed?: string;
  /** Name of another fact of the resource, whose recorded value holds where this one has no record yet. @default none */
  readonly recordedAs?: string;
  /** Names of facts that change with this one, and are not reported separately. @default none */
  readonly explains?: readonly string[];
}

/** One resource that is watched. */
export interface GuardedResource {
  readonly facts: Readonly<Record<string, GuardedFact>>;
  /** Incremented to replace the resource in order: then its changes are intended. */
  readonly generation?: number;
  /** Path of the generation in the configuration. */
  readonly roll?: string;
  /** URN of a resource that is protected. */
  readonly protected?: string;
}

/** A change that a person has allowed; it matches no other one, so an unused one is harmless. */
export interface Allowance {
  /** Key of the resource; `*` stands for any characters. */
  readonly resource: string;
  readonly change: Disruption;
  /** The new value. */
  readonly to: string;
}

/** Servers that store data together, with a majority quorum. */
export interface GuardedQuorum {
  /** What the keys of all of them begin with: `server/controlPlane/`. */
  readonly of: string;
  /** Path of their pool in the configuration. */
  readonly at: string;
  /** The service with the quorum, as in messages: `etcd`. */
  readonly name: string;
  /** What they store: `all that is in the cluster`. */
  readonly holds: string;
  /** Whether a recreated server still has the data. */
  readonly data: "kept" | "lost";
}

/** Servers of a pool with data that is lost with them. */
export interface GuardedHolder {
  /** What the keys of all of them begin with: `server/gluster/`. */
  readonly of: string;
  /** Path of their pool in the configuration. */
  readonly at: string;
  /** Which of the existing ones have to stay: all, or one of them. */
  readonly keeps: "all" | "one";
  /** What is lost, after the names of the servers: `and take their bricks with them`. */
  readonly effect: string;
  /** What to do first. */
  readonly instead: string;
}

/** Inputs as the program gives them. */
export interface GuardInputs {
  readonly guarded: Readonly<Record<string, GuardedResource>>;
  readonly allow: readonly Allowance[];
  readonly quorums: readonly GuardedQuorum[];
  readonly holders: readonly GuardedHolder[];
}

/** What the state records of one resource. */
export interface GuardRecord {
  readonly generation?: number;
  /** Values of the last run. */
  readonly facts: Readonly<Record<string, string>>;
  /** Values that it was created with, if the configuration has changed since. */
  readonly made?: Readonly<Record<string, string>>;
  /** It was protected, so the engine refuses to delete it. */
  readonly protected?: boolean;
}

const KINDS = FACT_KINDS.join(", ");

/** No unknown values either: the guard also decides in previews. */
const guardedRule: Rule = (value) =>
  isMap(value) && Object.values(value).every(isGuarded)
    ? undefined
    : `is a map of resources with facts; each has value, at, effect, and a change out of ${KINDS}`;

const allowRule: Rule = (value) =>
  isList(value) && value.every(isAllowance)
    ? undefined
    : `is a list of { resource, change, to } with a change out of ${DISRUPTIONS.join(", ")}`;

const quorumRule: Rule = (value) =>
  isListOfPools(value) ? undefined : "is a list of { of, at, name, holds, data }";

const holderRule: Rule = (value) =>
  isListOfPools(value) ? undefined : "is a list of { of, at, keeps, effect, instead }";

function isListOfPools(value: PropertyValue): boolean {
  return value === null || (isList(value) && value.every((each) => isMap(each) && text(each["of"]) !== ""));
}

export const GUARD_RULES: InputRules = {
  resource: "ChangeGuard",
  known: ["guarded", "allow", "quorums", "holders"],
  rules: { guarded: guardedRule, allow: allowRule, quorums: quorumRule, holders: holderRule },
};

function isGuarded(value: PropertyValue): boolean {
  if (!isMap(value) || !isMap(value["facts"])) return false;
  return Object.values(value["facts"]).every(
    (fact) => isMap(fact) && typeof fact["value"] === "string" && factKind(fact["change"]) !== undefined,
  );
}

function isAllowance(value: PropertyValue): boolean {
  return isMap(value) && text(value["resource"]) !== "" && disruption(value["change"]) !== undefined;
}

function factKind(value: PropertyValue | undefined): FactKind | undefined {
  return FACT_KINDS.find((kind) => kind === value);
}

function disruption(value: PropertyValue | undefined): Disruption | undefined {
  return DISRUPTIONS.find((kind) => kind === value);
}

/** Of inputs that passed the rules. */
export function guardInputs(inputs: PropertyMap): GuardInputs {
  const { guarded, allow, quorums, holders } = reveal(inputs);
  return {
    guarded: mapped(guarded, guardedResource),
    allow: maps(allow).flatMap((each) => {
      const change = disruption(each["change"]);
      return change === undefined ? [] : [{ resource: text(each["resource"]), change, to: text(each["to"]) }];
    }),
    quorums: maps(quorums).map(({ of, at, name, holds, data }) => ({
      ...{ of: text(of), at: text(at), name: text(name), holds: text(holds) },
      data: data === "kept" ? "kept" : "lost",
    })),
    holders: maps(holders).map(({ of, at, keeps, effect, instead }) => ({
      ...{ of: text(of), at: text(at), effect: text(effect), instead: text(instead) },
      keeps: keeps === "one" ? "one" : "all",
    })),
  };
}

function maps(value: PropertyValue | undefined): readonly PropertyMap[] {
  return isList(value) ? value.filter(isMap) : [];
}

function guardedResource(value: PropertyMap): GuardedResource {
  const { generation, roll, protected: urn } = value;
  return {
    facts: mapped(value["facts"], (fact) => ({
      value: text(fact["value"]),
      at: text(fact["at"]),
      change: factKind(fact["change"]) ?? "told",
      effect: text(fact["effect"]),
      opaque: fact["opaque"] === true,
      ...(typeof fact["instead"] === "string" ? { instead: fact["instead"] } : {}),
      ...(typeof fact["assumed"] === "string" ? { assumed: fact["assumed"] } : {}),
      ...(typeof fact["recordedAs"] === "string" ? { recordedAs: fact["recordedAs"] } : {}),
      free: textList(fact["free"]),
      explains: textList(fact["explains"]),
    })),
    ...(typeof generation === "number" ? { generation } : {}),
    ...(typeof roll === "string" ? { roll } : {}),
    ...(typeof urn === "string" ? { protected: urn } : {}),
  };
}

function textList(value: PropertyValue | undefined): readonly string[] {
  return isList(value) ? value.map(text) : [];
}

/** The records of an earlier run; empty for a new guard. */
export function guardRecords(state: PropertyMap): Readonly<Record<string, GuardRecord>> {
  return mapped(reveal(state)["guarded"], (value) => {
    const { generation, made, protected: kept } = value;
    return {
      facts: texts(value["facts"]),
      ...(typeof generation === "number" ? { generation } : {}),
      ...(isMap(made) ? { made: texts(made) } : {}),
      ...(kept === true ? { protected: true } : {}),
    };
  });
}

function texts(value: PropertyValue | undefined): Readonly<Record<string, string>> {
  if (!isMap(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each)]));
}

/** The order of a map from the engine is undefined. */
function mapped<T>(
  value: PropertyValue | undefined,
  of: (value: PropertyMap) => T,
): Readonly<Record<string, T>> {
  if (!isMap(value)) return {};
  const entries = Object.entries(value).flatMap(([key, each]) =>
    isMap(each) ? [[key, of(each)] as const] : [],
  );
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The records in the engine's form. */
export function recordState(records: Readonly<Record<string, GuardRecord>>): PropertyMap {
  const entries = Object.entries(records).map(([key, { generation, facts, made, protected: kept }]) => {
    const record: PropertyMap = {
      facts,
      ...(generation === undefined ? {} : { generation }),
      ...(made === undefined ? {} : { made }),
      ...(kept === true ? { protected: true } : {}),
    };
    return [key, record];
  });
  return { guarded: Object.fromEntries(entries) as PropertyMap };
}
