/** The cluster's record of who wrote which field of an object (`metadata.managedFields`). */
import { fieldOf, isJsonObject, listAt, type JsonObject } from "../../deploy/manifest";

/** One step into an object: a field, or the item of a list that has these keys. */
export type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "item"; readonly keys: JsonObject }
  | { readonly kind: "value"; readonly value: unknown };

/** A field that a manager wrote. */
export interface WrittenField {
  readonly manager: string;
  readonly path: readonly Step[];
}

/** Fields of all managers, without those that were written through a subresource: status, and the number of replicas. */
export function writtenFields(live: JsonObject): readonly WrittenField[] {
  return listAt(live, "metadata", "managedFields").flatMap((entry) => {
    const [manager, subresource] = [fieldOf(entry, "manager"), fieldOf(entry, "subresource")];
    if (typeof manager !== "string" || (subresource ?? "") !== "") return [];
    return leaves(fieldOf(entry, "fieldsV1"), []).map((path) => ({ manager, path }));
  });
}

function leaves(fields: unknown, path: readonly Step[]): readonly (readonly Step[])[] {
  const below = Object.entries(isJsonObject(fields) ? fields : {}).filter(([name]) => name !== ".");
  if (below.length === 0) return path.length === 0 ? [] : [path];
  return below.flatMap(([name, inner]) => leaves(inner, [...path, stepOf(name)]));
}

/** `f:spec`, `k:{"name":"app"}`, `v:"text"`. */
function stepOf(name: string): Step {
  const content = name.slice(2);
  switch (name.slice(0, 2)) {
    case "k:":
      return { kind: "item", keys: JSON.parse(content) as JsonObject };
    case "v:":
      return { kind: "value", value: JSON.parse(content) as unknown };
    default:
      return { kind: "field", name: content };
  }
}

/** The value at a path; undefined if there is none. Defaults of keys, such as a protocol, may be absent in an item. */
export function valueAt(object: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((value, step) => {
    switch (step.kind) {
      case "field":
        return fieldOf(value, step.name);
      case "item":
        return listOf(value).find((item) => hasKeys(item, step.keys));
      case "value":
        return listOf(value).find((item) => item === step.value);
    }
  }, object);
}

function hasKeys(item: unknown, keys: JsonObject): boolean {
  return Object.entries(keys).every(([name, value]) => {
    const is = fieldOf(item, name);
    return is === value || is === undefined;
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** `spec.template.spec.containers[app].image` */
export function pathText(path: readonly Step[]): string {
  return path.reduce((text, step) => `${text}${stepText(step, text === "")}`, "");
}

function stepText(step: Step, isFirst: boolean): string {
  switch (step.kind) {
    case "field":
      if (/[.[\]/]/.test(step.name)) return `["${step.name}"]`;
      return isFirst ? step.name : `.${step.name}`;
    case "item":
      return `[${Object.values(step.keys).map(String).join(" ")}]`;
    case "value":
      return `[${String(step.value)}]`;
  }
}
