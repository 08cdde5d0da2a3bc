/** Settings of a stack file that differ, each with its declared effect on a running environment. */
import { isEncrypted, isFields } from "../../environment/fields";
import { effectsOf, effectWords, type Effect, type EffectTree } from "../../environment/parts/effects";
import type { SettingChange } from "./types";

type Fields = Readonly<Record<string, unknown>>;

/** Characters of a value that is written out. */
const LONGEST = 60;

/** Values of an encrypted setting cannot be compared: the same text is encrypted differently each time. */
const ENCRYPTED = "encrypted";

/**
 * @param before content of `labstead:environment`; undefined if there was none
 * @param effects of all its keys
 */
export function settingChanges(
  before: unknown,
  after: unknown,
  effects: EffectTree,
): readonly SettingChange[] {
  const declared = effectsOf(effects).map(({ key, effect }) => [pattern(key), effect] as const);
  const effectAt = (path: string) => declared.find(([regex]) => regex.test(path))?.[1];
  return differences(before, after, { path: "", isKey: (path) => effectAt(path) !== undefined }).map(
    (each) => ({
      ...each,
      effect: effectText(effectAt(each.path)),
    }),
  );
}

/** Settings beside the environment: only encrypted or not, and never their values. */
export function otherSettings(before: Fields, after: Fields): readonly SettingChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((path) => ({
      path,
      before: hidden(before[path]),
      after: hidden(after[path]),
      effect:
        isEncrypted(before[path]) && isEncrypted(after[path])
          ? "encrypted again: whether its value changes cannot be seen"
          : "",
    }));
}

function hidden(value: unknown): string {
  if (value === undefined) return "";
  return isEncrypted(value) ? ENCRYPTED : "set";
}

interface Place {
  readonly path: string;
  /** Whether a path has an effect of its own: such as an entry that is added. */
  readonly isKey: (path: string) => boolean;
}

function differences(
  before: unknown,
  after: unknown,
  place: Place,
): readonly Omit<SettingChange, "effect">[] {
  const { path, isKey } = place;
  if (JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))) return [];
  const [was, is] = [before ?? {}, after ?? {}];
  const whole = (before === undefined || after === undefined) && (path === "" || isKey(path));
  if (whole || !isFields(was) || !isFields(is) || isEncrypted(was) || isEncrypted(is))
    return [
      { path: path === "" ? "labstead:environment" : path, before: shown(before), after: shown(after) },
    ];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return names.flatMap((name) =>
    differences(was[name], is[name], { isKey, path: path === "" ? name : `${path}.${name}` }),
  );
}

/** The order of the keys of a mapping means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  if (isEncrypted(value)) return ENCRYPTED;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Keys are words, so only the placeholders of `servers.workers.<pool>.flavor` need a pattern. */
function pattern(key: string): RegExp {
  const words = key.split(".").map((word) => (word.startsWith("<") ? "[^.]+" : word));
  return new RegExp(`^${words.join("\\.")}$`);
}

function effectText(effect: Effect | undefined): string {
  return effect === undefined ? "" : effectWords(effect).join(": ");
}
