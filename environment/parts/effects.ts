/**
 * The effect of a new value of each configuration key on a running environment: declared beside the schema, in its
 * shape.
 */
import { assertNever } from "../../errors/assert-never";
import type { Disruption } from "../changes";

/** Effect of a new value of a configuration key on a running environment. */
export type Effect =
  /** The next `up` changes it in place. `does`: what users notice. */
  | { readonly kind: "inPlace"; readonly does: string }
  /** No effect until this event. */
  | { readonly kind: "later"; readonly when: string }
  /** Servers or pods apply it one after the other, when they are replaced, so that the rest continues. */
  | { readonly kind: "inTurns"; readonly does: string }
  /** `up` stops before anything is changed, by the value in the configuration. */
  | StoppedEffect
  /**
   * As `stopped`, by the watched values of each resource: stopped until the resource is rolled or the change is
   * allowed.
   */
  | { readonly kind: "guarded"; readonly would: string; readonly instead: string };

export interface StoppedEffect {
  readonly kind: "stopped";
  /** Its effect: `replaces all objects and the database`. */
  readonly would: string;
  /** What to do instead. */
  readonly instead: string;
  /** The kind by which a person may allow it, in `changes.allow`. @default it cannot be allowed */
  readonly allowedAs?: Disruption;
  /** Values that nothing depends on yet, so that another one may follow; empty for a key that was not set. @default none */
  readonly free?: readonly string[];
}

/** For a map: the effect of adding or removing an entry, and those of the keys of each entry. */
export interface EntryEffects<Entry> {
  readonly kind: "entries";
  /** Placeholder for the name of an entry in documents: `<pool>`. */
  readonly name: string;
  readonly entry: Effect;
  readonly each: Effects<Entry>;
}

/**
 * An effect for each key, at any depth; a key without one does not compile. Lists, and maps of texts and numbers, have
 * one as a whole; of a union, each key of any of its members has one.
 */
export type Effects<Config> = {
  readonly [Key in KeyOf<Config>]-?: EffectsOf<NonNullable<ValueAt<Config, Key>>>;
};

type Leaf = string | number | boolean | readonly unknown[];
type KeyOf<Config> = Config extends unknown ? keyof Config : never;
type ValueAt<Config, Key> = Config extends unknown ? (Key extends keyof Config ? Config[Key] : never) : never;

type EffectsOf<Value> = [Value] extends [Leaf]
  ? Effect
  : string extends KeyOf<Value>
    ? MapEffects<NonNullable<Value[KeyOf<Value> & keyof Value]>>
    : Effects<Value>;

type MapEffects<Entry> = [Entry] extends [Leaf] ? Effect : EntryEffects<Entry>;

/** Effects without their types: those of any part. */
export interface EffectTree {
  readonly [key: string]: EffectNode;
}
type EffectNode = Effect | EntryTree | EffectTree;
interface EntryTree {
  readonly kind: "entries";
  readonly name: string;
  readonly entry: Effect;
  readonly each: EffectTree;
}

export interface KeyEffect {
  /** Below the part's configuration: `storage.databaseSize`, `servers.workers.<pool>.flavor`. */
  readonly key: string;
  readonly effect: Effect;
}

/** An effect as reports and documents word it. */
export function effectWords(effect: Effect): readonly [kind: string, what: string] {
  switch (effect.kind) {
    case "inPlace":
      return ["in place", effect.does];
    case "inTurns":
      return ["in turns", effect.does];
    case "later":
      return ["later", effect.when];
    case "stopped":
    case "guarded":
      return ["stopped", `it ${effect.would}; ${effect.instead}`];
    default:
      return assertNever(effect);
  }
}

/** All keys with their effects, in the order in which they are declared. */
export function effectsOf(tree: EffectTree, prefix = ""): readonly KeyEffect[] {
  return Object.entries(tree).flatMap(([name, node]): readonly KeyEffect[] => {
    const key = `${prefix}${name}`;
    if (isEffect(node)) return [{ key, effect: node }];
    if (!isEntries(node)) return effectsOf(node, `${key}.`);
    const entry = `${key}.${node.name}`;
    return [{ key: entry, effect: node.entry }, ...effectsOf(node.each, `${entry}.`)];
  });
}

/** A key of the configuration that is called `kind` has an effect and no text there. */
function isEntries(node: EffectNode): node is EntryTree {
  return node["kind"] === "entries";
}

function isEffect(node: EffectNode): node is Effect {
  return typeof node["kind"] === "string" && !isEntries(node);
}

/** A setting that cannot change while the environment runs, or only if a person allows it. */
export interface FixedSetting extends Omit<StoppedEffect, "kind"> {
  /** In `labstead:environment`: `apps.datalab.namespace`. */
  readonly path: string;
  /** Empty if it is not configured. */
  readonly value: string;
}

/**
 * The settings of a configuration whose effect is `stopped`; of maps and sections only existing ones.
 * @param path of the configuration: `apps.datalab`, empty for an environment
 */
export function fixedSettings(tree: EffectTree, config: unknown, path = ""): readonly FixedSetting[] {
  if (!isFields(config)) return [];
  return Object.entries(tree).flatMap(([name, node]): readonly FixedSetting[] => {
    const at = path === "" ? name : `${path}.${name}`;
    const value = config[name];
    if (isEffect(node)) return node.kind === "stopped" ? [fixedSetting(node, value, at)] : [];
    if (!isEntries(node)) return fixedSettings(node, value, at);
    const entries = isFields(value) ? Object.entries(value) : [];
    return entries.flatMap(([key, each]) => fixedSettings(node.each, each, `${at}.${key}`));
  });
}

function fixedSetting({ kind: _, ...effect }: StoppedEffect, value: unknown, path: string): FixedSetting {
  return { path, value: valueText(value), ...effect };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function valueText(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
