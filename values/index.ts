/**
 * Named values: typed references to what is only known later (a generated password, a floating IP, an id).
 *
 * A plan stays pure data: it contains the name, and the registration of resources binds the name to an Output. Until
 * then the reference is in strings as a marker, `((labstead:secret:mongo-password|base64))`, which passes
 * unchanged through cdk8s, YAML and JSON. Encoders stand inside the marker, because encoding the marker itself
 * would destroy it, and because the text of a preview then depends on names only.
 */
import { isReferenceName, NamedValue, type TextPart } from "./core";
import type { ReferenceKind } from "./reference";
import { maskText } from "./bind";
import { MARKER_OPEN } from "./marker";
import { checkText, parseText } from "./parse";

export {
  encode,
  isReferenceName,
  NamedValue,
  plainText,
  referenceKey,
  type TextPart,
  type ValueSource,
} from "./core";
export type { Encoder, Reference, ReferenceKind } from "./reference";
export { HASH_LENGTH, MARKER_CLOSE, MARKER_OPEN } from "./marker";
export { checkText, parseText } from "./parse";
export {
  bindValues,
  checkValues,
  evaluate,
  findValues,
  mapTexts,
  maskText,
  maskValues,
  requiredReferences,
  ValuesError,
  type FoundText,
  type Lookup,
  type ValueProblem,
} from "./bind";

/** A secret by name: bound to a secret Output, masked wherever it is printed. */
export function secret(name: string): NamedValue {
  return reference("secret", name);
}

/** An IP address or host name that the cloud assigns, by name. */
export function address(name: string): NamedValue {
  return reference("address", name);
}

/** Any other later fact by name, such as the id of a resource. Keeps its type where it is a whole string. */
export function output(name: string): NamedValue {
  return reference("output", name);
}

/** The value of a given kind and name. */
export function reference(kind: ReferenceKind, name: string): NamedValue {
  if (!isReferenceName(name)) {
    throw new Error(
      `${kind}(${JSON.stringify(name)}): a name has 1 to 200 letters, digits and . _ - / and starts and ends with a letter or digit`,
    );
  }
  return new NamedValue(Object.freeze({ kind, name }));
}

/**
 * Composes literals and later values.
 * @example text`mongodb://user:${secret("mongo").url()}@mongo-service/datalab`.base64()
 */
export function text(literals: TemplateStringsArray, ...values: readonly (TextPart | number)[]): NamedValue {
  const parts = literals.flatMap((literal, index): readonly TextPart[] => {
    const value = values[index];
    return value === undefined ? [literal] : [literal, typeof value === "number" ? String(value) : value];
  });
  return composed(parts);
}

/** A value composed of parts; markers inside literals count as the values they stand for. */
export function composed(parts: readonly TextPart[]): NamedValue {
  const problems = parts.flatMap((part) => (typeof part === "string" ? checkText(part) : []));
  if (problems.length > 0) throw new Error(problems.join("; "));
  const flat = parts.flatMap((part) => (typeof part === "string" ? parseText(part) : [part]));
  return new NamedValue({ kind: "text", parts: Object.freeze(flat) });
}

/** A JSON text of a structure that may hold later values anywhere except in its keys. */
export function jsonText(value: unknown, indent = 0): NamedValue {
  const replacer = (key: string, entry: unknown): unknown => {
    if (key.includes(MARKER_OPEN))
      throw new Error(`jsonText: key ${maskText(key)}: a key must be known at once`);
    return typeof entry === "string" ? encodedForJson(entry) : entry;
  };
  if (value === undefined) throw new Error("jsonText: undefined has no JSON");
  const printed = JSON.stringify(value, replacer, indent);
  return composed([printed.replaceAll(/"(\(\(labstead:[^"]*?\|json\)\))"/g, "$1")]);
}

/** A whole-string value brings its own quotes and keeps its type; one inside a longer string is escaped. */
function encodedForJson(entry: string): string {
  const parts = parseText(entry);
  const [only] = parts;
  if (parts.length === 1 && only instanceof NamedValue) return only.json().toString();
  return parts.map((part) => (typeof part === "string" ? part : part.escape().toString())).join("");
}
