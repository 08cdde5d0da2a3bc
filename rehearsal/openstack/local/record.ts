/** What the local store keeps of a resource. */
import { isList, isMap } from "../../../provider/rpc";
import type { PlainMap, PlainValue } from "../../../provider/rpc";

/** An address that a resource holds: in a subnet, or in the {@link FLOATING} pool. */
export type Held = { readonly space: string; readonly address: string };

/** The pool of floating and other external addresses, instead of a subnet's id. */
export const FLOATING = "floating";

export type CloudRecord = {
  readonly type: string;
  readonly id: string;
  /** Empty for what the program did not declare: a port that came with a server, a network that was there before. */
  readonly urn: string;
  /** Inputs without secrets. */
  readonly inputs: PlainMap;
  /** Outputs without secrets. */
  readonly outputs: PlainMap;
  readonly addresses: readonly Held[];
  /** Key of the resource that it came with and goes with; empty if it stands for itself. */
  readonly owner: string;
};

/** Ids of different types may be equal: a member list has its pool's id. */
export function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

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
