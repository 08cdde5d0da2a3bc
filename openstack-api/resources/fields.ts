/** A resource's inputs beside a service's own names for them, used in both directions. */
import { isList, isMap } from "../../provider-protocol";
import type { PlainMap, PlainValue } from "../../provider-protocol";

/** By input: the service's name, or for a list of objects its name with the fields of each. */
export type Fields = Readonly<Record<string, string | ListField>>;

export interface ListField {
  readonly as: string;
  readonly each: Fields;
}

/** Inputs as the service takes them. Those without a field are left out. */
export function toService(fields: Fields, inputs: PlainMap): PlainMap {
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const value = inputs[name];
    if (value === undefined || value === null) return [];
    return typeof field === "string"
      ? [[field, value] as const]
      : [[field.as, each(value, (item) => toService(field.each, item))] as const];
  });
  return Object.fromEntries(entries);
}

/** The service's fields, as inputs. */
export function fromService(fields: Fields, found: PlainMap): PlainMap {
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const value = found[typeof field === "string" ? field : field.as];
    if (value === undefined || value === null) return [];
    return typeof field === "string"
      ? [[name, value] as const]
      : [[name, each(value, (item) => fromService(field.each, item))] as const];
  });
  return Object.fromEntries(entries);
}

function each(value: PlainValue, translate: (item: PlainMap) => PlainMap): PlainValue {
  if (!isList(value)) return value;
  return value.map((item) => (isMap(item) ? translate(item) : item));
}

/** What of the wanted body is not so yet. Objects in lists may have more than is asked for. */
export function differing(wanted: PlainMap, current: PlainMap): PlainMap {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !covers(current[name], value)));
}

/** True if a value is the wanted one, or has it within: lists of the same things in any order, objects with more in them. */
export function covers(value: PlainValue | undefined, wanted: PlainValue): boolean {
  if (value === undefined || value === null) return isEmpty(wanted);
  if (isList(wanted)) {
    if (!isList(value) || value.length !== wanted.length) return false;
    const have = value;
    return wanted.every((item) => have.some((other) => covers(other, item)));
  }
  if (isMap(wanted)) {
    if (!isMap(value)) return false;
    const have = value;
    return Object.entries(wanted).every(([name, item]) => covers(have[name], item));
  }
  return value === wanted;
}

function isEmpty(value: PlainValue): boolean {
  return value === null || value === "" || (isList(value) && value.length === 0);
}
