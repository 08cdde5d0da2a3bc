/** Which inputs changed, property by property, and which of the changes replace the resource. */
import { containsUnknown, isList, isMap, sameValue, Secret } from "../../provider-protocol";
import type { PropertyDiff, PropertyMap, PropertyValue } from "../../provider-protocol";
import type { Row } from "./row";

/** Lists that OpenStack keeps as sets: their order is no change. */
export type Unordered = ReadonlySet<string>;

/** The changes from old to new inputs, by path. */
export function inputChanges(
  row: Row,
  unordered: Unordered,
  oldInputs: PropertyMap,
  newInputs: PropertyMap,
): Readonly<Record<string, PropertyDiff>> {
  const changes: Record<string, PropertyDiff> = {};
  for (const name of new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])) {
    if (name.startsWith("__") || keptByCloud(row, name, newInputs)) continue;
    if (unordered.has(name) && sameSet(oldInputs[name], newInputs[name])) continue;
    collect(row, name, oldInputs[name], newInputs[name], changes);
  }
  return changes;
}

/** An input that the cloud fills in when it is not given keeps its value when the program stops giving it. */
function keptByCloud(row: Row, name: string, newInputs: PropertyMap): boolean {
  return (newInputs[name] ?? null) === null && row.always.includes(name);
}

function collect(
  row: Row,
  path: string,
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
  changes: Record<string, PropertyDiff>,
): void {
  const [a, b] = [plain(before), plain(after)];
  if (sameValue(a, b)) return;
  if (isList(a) && isList(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index++)
      collect(row, `${path}[${index}]`, a[index], b[index], changes);
  } else if (isMap(a) && isMap(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      collect(row, join(path, key), a[key], b[key], changes);
  } else {
    const change = a === null ? "add" : b === null ? "delete" : "update";
    changes[path] = { change, replace: replaces(row, path) };
  }
}

function plain(value: PropertyValue | undefined): PropertyValue {
  return value instanceof Secret ? value.value : (value ?? null);
}

/** Keys with a dot or bracket are quoted, as the engine's property paths want it. */
function join(path: string, key: string): string {
  return /[.[\]"]/.test(key) ? `${path}[${JSON.stringify(key)}]` : `${path}.${key}`;
}

/** A change replaces if it is of, inside, or around (a whole list element) something that replaces. */
function replaces(row: Row, path: string): boolean {
  const bare = path.replaceAll(/\[[^\]]*\]/g, "");
  return row.replaceOn.some((on) => on === bare || bare.startsWith(`${on}.`) || on.startsWith(`${bare}.`));
}

/** True for two lists with the same known values in any order. */
export function sameSet(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  const [a, b] = [plain(left), plain(right)];
  if (!isList(a) || !isList(b) || a.length !== b.length || containsUnknown(b)) return false;
  const rest = [...b];
  return a.every((item) => {
    const index = rest.findIndex((other) => sameValue(item, other));
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
}
