/** Effects of keys as tables of the documentation. */
import { effectWords, type Effect, type KeyEffect } from "../environment/parts/effects";

/** What the words of the column `effect` mean. */
export const EFFECT_WORDS =
  "- **in place**: it changes where it is.\n- **in turns**: one after the other is replaced, so that the rest goes on.\n- **later**: nothing happens until the event that is named.\n- **stopped**: `up` stops before anything is changed, and says what to do instead.";

/** A row for each key. */
export function keyRows(effects: readonly KeyEffect[], prefix = ""): readonly (readonly string[])[] {
  return effects.map(({ key, effect }) => [`\`${prefix}${key}\``, ...effectCells(effect)]);
}

/** A row for all keys of one section that have the same effect, in the order of the first of them. */
export function sectionRows(effects: readonly KeyEffect[]): readonly (readonly string[])[] {
  const rows = new Map<string, { readonly keys: string[]; readonly cells: readonly string[] }>();
  for (const { key, effect } of effects) {
    const [section = ""] = key.split(".");
    const cells = effectCells(effect, true);
    const id = [section, ...cells].join("\n");
    const row = rows.get(id);
    if (row === undefined) rows.set(id, { keys: [key], cells });
    else row.keys.push(key);
  }
  const all = effects.map(({ key }) => key);
  return [...rows.values()].map(({ keys, cells }) => [keysText(siblingsJoined(keys, all)), ...cells]);
}

/** Sections whose members have the same keys: roles of servers, ranges of the network. */
const ALIKE = /^(servers|network\.ranges)\.(\w+(?:\.<(?:pool|server)>)?)\.(.+)$/;

/** `servers.*.flavor` for all that have the key, `servers.{nfs,gluster}.min` for some. */
function siblingsJoined(keys: readonly string[], all: readonly string[]): readonly string[] {
  const alike = (list: readonly string[], head: string, tail: string): readonly string[] =>
    list.flatMap((key) => {
      const [, itsHead, member = "", itsTail] = ALIKE.exec(key) ?? [];
      return itsHead === head && itsTail === tail ? [member] : [];
    });
  const joined = keys.map((key) => {
    const [, head, , tail] = ALIKE.exec(key) ?? [];
    if (head === undefined || tail === undefined) return key;
    const members = alike(keys, head, tail);
    if (members.length === 1) return key;
    const each = members.length === alike(all, head, tail).length ? "*" : `{${members.join(",")}}`;
    return `${head}.${each}.${tail}`;
  });
  return [...new Set(joined)];
}

/** The first with its whole path, those after it of the same parent by their last word: `a.b.c`, `.d`. */
function keysText(keys: readonly string[]): string {
  return keys
    .map((key, position) => {
      const before = keys[position - 1];
      const at = key.lastIndexOf(".");
      return before !== undefined && at > 0 && parentOf(before) === parentOf(key)
        ? `\`${key.slice(at)}\``
        : `\`${key}\``;
    })
    .join(", ");
}

function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf("."));
}

/** @param whole also what a stopped change would do */
function effectCells(effect: Effect, whole = false): readonly [kind: string, what: string] {
  const [kind, what] = effectWords(effect);
  return [kind, "instead" in effect && !whole ? effect.instead : what];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
