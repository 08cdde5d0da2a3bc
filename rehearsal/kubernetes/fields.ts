/** Reading and changing fields of Kubernetes objects. Nothing here changes what it is given. */
import { isList, isMap } from "../../provider-protocol";
import type { PlainMap, PlainValue } from "../../provider-protocol";

export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return isMap(value);
}

export function isPlainList(value: PlainValue | undefined): value is readonly PlainValue[] {
  return isList(value);
}

/** The value at a path of map keys; undefined if there is none. */
export function valueAt(object: PlainMap, ...path: readonly string[]): PlainValue | undefined {
  let value: PlainValue | undefined = object;
  for (const key of path) value = isPlainMap(value) ? value[key] : undefined;
  return value;
}

/** The map at a path; empty if there is none. */
export function mapAt(object: PlainMap, ...path: readonly string[]): PlainMap {
  const value = valueAt(object, ...path);
  return isPlainMap(value) ? value : {};
}

/** The string at a path; empty if there is none. */
export function textAt(object: PlainMap, ...path: readonly string[]): string {
  const value = valueAt(object, ...path);
  return typeof value === "string" ? value : "";
}

/** The number at a path; undefined if there is none. */
export function numberAt(object: PlainMap, ...path: readonly string[]): number | undefined {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The list at a path; empty if there is none. */
export function listAt(object: PlainMap, ...path: readonly string[]): readonly PlainValue[] {
  const value = valueAt(object, ...path);
  return isPlainList(value) ? value : [];
}

/** The maps of the list at a path. */
export function mapsAt(object: PlainMap, ...path: readonly string[]): readonly PlainMap[] {
  return listAt(object, ...path).filter(isPlainMap);
}

/** The object with other fields set in the map at a path (`[]` is the object itself). */
export function withFields(object: PlainMap, path: readonly string[], fields: PlainMap): PlainMap {
  const [key, ...rest] = path;
  if (key === undefined) return { ...object, ...fields };
  return { ...object, [key]: withFields(mapAt(object, key), rest, fields) };
}

/** As {@link withFields}, but a field that has a value keeps it. */
export function withDefaults(object: PlainMap, path: readonly string[], defaults: PlainMap): PlainMap {
  const given = Object.entries(mapAt(object, ...path)).filter(([, value]) => value !== null);
  return withFields(object, path, { ...defaults, ...Object.fromEntries(given) });
}

export function without(object: PlainMap, key: string): PlainMap {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** Namespace and name of an object, as far as it has them. */
export function identityOf(object: PlainMap): { readonly namespace: string; readonly name: string } {
  return { namespace: textAt(object, "metadata", "namespace"), name: textAt(object, "metadata", "name") };
}
