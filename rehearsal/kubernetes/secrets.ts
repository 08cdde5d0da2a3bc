/** Which values of an object are secret, and how they stay out of the store. */
import {
  containsSecret,
  containsUnknown,
  isList,
  isMap,
  reveal,
  Secret,
  toPlain,
} from "../../provider-protocol";
import type { PlainMap, PlainValue, PropertyMap, PropertyValue } from "../../provider-protocol";

/** What the store has instead of a secret value. */
export const CONCEALED = "(secret, not stored)";

/** The fields of a Secret that are always secret. */
const SECRET_FIELDS = ["data", "stringData"];

export function isSecretObject(object: PropertyMap): boolean {
  return object["kind"] === "Secret" && object["apiVersion"] === "v1";
}

/**
 * Inputs in the form in which the API server keeps them: without nulls and fields that only the server sets, and a
 * Secret's `stringData` moved into `data`. A Secret with a part that is not known yet stays as it is.
 */
export function normalized(inputs: PropertyMap): PropertyMap {
  const object = withoutReadOnly(withoutNulls(inputs));
  const stringData = plainMap(object["stringData"]);
  if (!isSecretObject(object) || stringData === undefined || containsUnknown(object)) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, encode(value)] as const);
  const data: PropertyMap = { ...plainMap(object["data"]), ...Object.fromEntries(encoded) };
  const { stringData: _moved, ...rest } = object;
  return { ...rest, data: new Secret(data) };
}

/** Marks as secret in an object what is secret in the inputs it was made from, and the contents of Secrets. */
export function withSecrets(object: PropertyMap, inputs: PropertyMap): PropertyMap {
  if (isSecretObject(object)) {
    const wrapped = SECRET_FIELDS.filter((field) => field in object).map(
      (field) => [field, new Secret(object[field] ?? null)] as const,
    );
    return { ...object, ...Object.fromEntries(wrapped) };
  }
  if (!containsSecret(inputs)) return object;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const input = inputs[key];
      if (isMap(value) && isMap(input)) return [key, withSecrets(value, input)] as const;
      return [key, containsSecret(input) ? new Secret(value) : value] as const;
    }),
  );
}

/** An object as it may be stored: with {@link CONCEALED} for every secret value. Keys stay. */
export function concealed(object: PropertyMap): PlainMap {
  const fields = isSecretObject(object) ? withSecrets(object, {}) : object;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, concealedValue(value)]));
}

function concealedValue(value: PropertyValue): PlainValue {
  if (value instanceof Secret) return hidden(value.value);
  if (isList(value)) return value.map((item) => concealedValue(item));
  return isMap(value) ? concealed(value) : toPlain(value);
}

function hidden(value: PropertyValue): PlainValue {
  if (value instanceof Secret) return hidden(value.value);
  if (isList(value)) return value.map((item) => hidden(item));
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hidden(item)]));
  return CONCEALED;
}

/** A stored object with its secret values put back from objects that know them, the first one first. */
export function restored(stored: PlainMap, ...knowing: readonly PropertyMap[]): PropertyMap {
  return Object.fromEntries(
    Object.entries(stored).map(([key, value]) => [
      key,
      restoredValue(
        value,
        knowing.map((known) => known[key]),
      ),
    ]),
  );
}

function restoredValue(stored: PlainValue, knowing: readonly (PropertyValue | undefined)[]): PropertyValue {
  const plain = knowing.map((known) => (known instanceof Secret ? reveal(known) : known));
  if (stored === CONCEALED) return new Secret(plain.find((known) => known !== undefined) ?? CONCEALED);
  if (isList(stored)) {
    return stored.map((item, index) =>
      restoredValue(
        item,
        plain.map((known) => (isList(known) ? known[index] : undefined)),
      ),
    );
  }
  return isMap(stored) ? restored(stored, ...plain.filter(isMap)) : stored;
}

function withoutNulls(object: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, withoutNullsInside(value)]),
  );
}

function withoutNullsInside(value: PropertyValue): PropertyValue {
  if (isList(value)) return value.map((item) => withoutNullsInside(item));
  return isMap(value) ? withoutNulls(value) : value;
}

/** Source: the API reference of ObjectMeta, "Populated by the system. Read-only." */
const READ_ONLY: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
]);

function withoutReadOnly(object: PropertyMap): PropertyMap {
  const metadata = object["metadata"];
  if (!isMap(metadata)) return object;
  const kept = Object.entries(metadata).filter(([key]) => !READ_ONLY.has(key));
  return { ...object, metadata: Object.fromEntries(kept) };
}

function plainMap(value: PropertyValue | undefined): PropertyMap | undefined {
  const plain = value === undefined ? undefined : reveal(value);
  return isMap(plain) && Object.keys(plain).length > 0 ? plain : undefined;
}

function encode(value: PropertyValue): PropertyValue {
  return typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value;
}
