/**
 * Property values as they travel between the Pulumi engine and a provider: plain JSON plus two special values,
 * {@link Unknown} (an output that is not known yet, seen in previews only) and {@link Secret}.
 */

/** A value that is not known before the resource it comes from is made. Use the one instance, {@link UNKNOWN}. */
export class Unknown {
  readonly #brand = "unknown";
  toString(): string {
    return `[${this.#brand}]`;
  }
  toJSON(): string {
    return this.toString();
  }
}

/** The one unknown value. */
export const UNKNOWN = new Unknown();

/** A value that the engine keeps encrypted in state and masks in its output. Never print `value`. */
export class Secret {
  readonly #value: PropertyValue;
  constructor(value: PropertyValue) {
    this.#value = value instanceof Secret ? value.value : value;
  }
  /** The plain value. */
  get value(): PropertyValue {
    return this.#value;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return this.toString();
  }
}

/** What a value without {@link Unknown} and {@link Secret} is made of. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | PlainMap;

/** A map of plain values: what can be stored as JSON. */
export interface PlainMap {
  readonly [key: string]: PlainValue;
}

/** Any value of a property. Assets and archives stay the plain maps with a signature that the engine sends. */
export type PropertyValue =
  null | boolean | number | string | Unknown | Secret | readonly PropertyValue[] | PropertyMap;

/** The inputs or outputs of a resource, by property name. */
export interface PropertyMap {
  readonly [key: string]: PropertyValue;
}

/** True for a list. (`Array.isArray` alone loses the readonly element type.) */
export function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** True for a map of properties; false for lists, null, {@link Unknown} and {@link Secret}. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Secret)
  );
}

/** True if the value is, or holds at any depth, an {@link Unknown}. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  return holds(value, (inner) => inner instanceof Unknown);
}

/** True if the value is, or holds at any depth, a {@link Secret}. */
export function containsSecret(value: PropertyValue | undefined): boolean {
  return holds(value, (inner) => inner instanceof Secret);
}

function holds(value: PropertyValue | undefined, found: (inner: PropertyValue) => boolean): boolean {
  if (value === undefined) return false;
  if (found(value)) return true;
  if (value instanceof Secret) return holds(value.value, found);
  if (isList(value)) return value.some((item) => holds(item, found));
  return isMap(value) && Object.values(value).some((item) => holds(item, found));
}

/** The value with every {@link Secret} replaced by what it holds. Unknowns stay. */
export function reveal(value: PropertyMap): PropertyMap;
export function reveal(value: PropertyValue): PropertyValue;
export function reveal(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return reveal(value.value);
  if (isList(value)) return value.map((item) => reveal(item));
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
  return value;
}

/**
 * The value as plain JSON, secrets revealed.
 * @throws if it holds an {@link Unknown}: only previews have those, and a preview stores nothing.
 */
export function toPlain(value: PropertyMap): PlainMap;
export function toPlain(value: PropertyValue): PlainValue;
export function toPlain(value: PropertyValue): PlainValue {
  if (value instanceof Unknown) throw new Error("a value is not known yet, outside of a preview");
  if (value instanceof Secret) return toPlain(value.value);
  if (isList(value)) return value.map((item) => toPlain(item));
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
  return value;
}

/**
 * Deep equality. Secrets compare by what they hold (a value that merely became secret is not a change of the
 * resource); an unknown equals nothing, not even another unknown; a property that is absent equals null.
 */
export function sameValue(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  const a = left instanceof Secret ? left.value : (left ?? null);
  const b = right instanceof Secret ? right.value : (right ?? null);
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (isMap(a)) {
    return (
      isMap(b) &&
      [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameValue(a[key], b[key]))
    );
  }
  return a === b;
}
