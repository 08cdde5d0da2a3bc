/** Reading plain values whose kind the caller knows, without trusting it. */
import { isList, isMap } from "./values";
import type { PlainMap, PlainValue } from "./values";

/** The string of a property; empty if it is absent or something else. */
export function text(map: PlainMap | undefined, name: string): string {
  const value = map?.[name];
  return typeof value === "string" ? value : "";
}

/** The strings of a list property. */
export function texts(map: PlainMap, name: string): readonly string[] {
  return list(map, name).filter((item) => typeof item === "string");
}

/** The objects of a list property. */
export function maps(map: PlainMap, name: string): readonly PlainMap[] {
  return list(map, name).filter((item) => isPlainMap(item));
}

/** The object of a property; empty if it is absent or something else. */
export function inner(map: PlainMap, name: string): PlainMap {
  const value = map[name];
  return value !== undefined && isPlainMap(value) ? value : {};
}

function list(map: PlainMap, name: string): readonly PlainValue[] {
  const value = map[name];
  return value !== undefined && isPlainList(value) ? value : [];
}

function isPlainList(value: PlainValue): value is readonly PlainValue[] {
  return isList(value);
}

function isPlainMap(value: PlainValue): value is PlainMap {
  return isMap(value);
}

/** The strings at a path such as `networkId`, `securityGroupIds[]` or `fixedIps[].subnetId`. */
export function textsAt(inputs: PlainMap, path: string): readonly string[] {
  const [head = "", rest] = path.split("[]");
  if (rest === undefined) return [text(inputs, head)].filter((value) => value !== "");
  if (rest === "") return texts(inputs, head);
  return maps(inputs, head)
    .map((item) => text(item, rest.slice(1)))
    .filter((value) => value !== "");
}
