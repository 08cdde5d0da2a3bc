/**
 * What a change of the program changes in an object. The new inputs are compared with the object as it was seen last,
 * cut down to the shape of the old inputs: drift that a refresh found shows, what the server filled in does not.
 */
import { isList, isMap, sameValue, Secret } from "../../provider-protocol";
import type { PropertyChange, PropertyDiff, PropertyMap, PropertyValue } from "../../provider-protocol";

import { replaces } from "./replacement";
import type { Mutability } from "./replacement";

/** The object without what the inputs do not have. */
export function pruned(live: PropertyMap, inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(live)
      .filter(([key]) => key in inputs)
      .map(([key, value]) => [key, prunedValue(value, inputs[key] ?? null)]),
  );
}

function prunedValue(live: PropertyValue, input: PropertyValue): PropertyValue {
  if (live instanceof Secret) return new Secret(prunedValue(live.value, plain(input)));
  const shape = plain(input);
  if (isMap(live) && isMap(shape)) return pruned(live, shape);
  if (!isList(live) || !isList(shape)) return live;
  return live.slice(0, shape.length).map((item, index) => prunedValue(item, shape[index] ?? null));
}

/** The changes from one object to another, by property path. */
export function changesBetween(
  before: PropertyMap,
  after: PropertyMap,
  mutability: Mutability,
): Readonly<Record<string, PropertyDiff>> {
  const changes: Record<string, PropertyDiff> = {};
  const record = (path: Path, change: PropertyChange): void => {
    changes[path.text] = { change, replace: replaces(after, path.keys, mutability) };
  };
  collectMap({ text: "", keys: [] }, before, after, record);
  return changes;
}

interface Path {
  readonly text: string;
  /** Map keys alone. */
  readonly keys: readonly string[];
}

type Recorder = (path: Path, change: PropertyChange) => void;

function collectMap(path: Path, before: PropertyMap, after: PropertyMap, record: Recorder): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    collect({ text: joined(path.text, key), keys: [...path.keys, key] }, before[key], after[key], record);
}

function collect(
  path: Path,
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
  record: Recorder,
): void {
  const [a, b] = [plain(before ?? null), plain(after ?? null)];
  if (sameValue(a, b)) return;
  if (isMap(a) && isMap(b)) collectMap(path, a, b, record);
  else if (isList(a) && isList(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index++)
      collect({ ...path, text: `${path.text}[${index}]` }, a[index], b[index], record);
  } else if (a === null) record(path, "add");
  else record(path, b === null ? "delete" : "update");
}

function plain(value: PropertyValue): PropertyValue {
  return value instanceof Secret ? value.value : value;
}

/** Keys with a dot, bracket or quote are quoted, as the engine's property paths want it. */
function joined(path: string, key: string): string {
  if (/[.[\]"]/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
}
