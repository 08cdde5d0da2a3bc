/** Operations on data with named values: list, check, bind, and mask for printing. */
import { encode, NamedValue, plainText, referenceKey, type TextPart } from "./core";
import type { Reference } from "./reference";
import { formatEncoder, MARKER_OPEN } from "./marker";
import { checkText, parseText } from "./parse";

/** One problem, and where: `spec.template.metadata.annotations["checksum/config"]`. */
export interface ValueProblem {
  /** Empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

/** Returns the value bound to a reference; undefined when there is none. */
export type Lookup = (reference: Reference) => unknown;

/** All problems of one piece of data together. */
export class ValuesError extends Error {
  constructor(readonly problems: readonly ValueProblem[]) {
    super(problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("\n"));
    this.name = "ValuesError";
  }
}

/** Everything that would go wrong when later values in this data are bound; empty when it is fine. */
export function checkValues(data: unknown): readonly ValueProblem[] {
  const problems: ValueProblem[] = [];
  visit(data, [], {
    text: (text, trail) => {
      for (const message of checkText(text)) problems.push({ path: formatPath(trail), message });
    },
    key: (key, trail) => {
      const [message] = checkText(key);
      if (message !== undefined) problems.push({ path: formatPath(trail), message: `in a key: ${message}` });
      else if (key.includes(MARKER_OPEN)) {
        const rule = `key ${maskText(key)}: a key must be known at once`;
        problems.push({ path: formatPath(trail), message: rule });
      }
    },
  });
  return problems;
}

/** A text with named values, and its path. */
export interface FoundText {
  readonly path: string;
  readonly parts: readonly TextPart[];
}

/**
 * Every text with a marker.
 * @throws Error on a malformed marker; run `checkValues` first to have all of them.
 */
export function findValues(data: unknown): readonly FoundText[] {
  const found: FoundText[] = [];
  visit(data, [], {
    text: (text, trail) => {
      if (text.includes(MARKER_OPEN)) found.push({ path: formatPath(trail), parts: parseText(text) });
    },
    key: () => undefined,
  });
  return found;
}

/**
 * The references that must be bound, once each, ordered by kind and name.
 * @throws Error on a malformed marker; run `checkValues` first to have all of them.
 */
export function requiredReferences(data: unknown): readonly Reference[] {
  const found = new Map<string, Reference>();
  const collect = (part: TextPart): void => {
    if (typeof part === "string") return;
    const { source } = part;
    if (source.kind === "text") source.parts.forEach(collect);
    else found.set(referenceKey(source), source);
  };
  for (const { parts } of findValues(data)) parts.forEach(collect);
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reference]) => reference);
}

/**
 * The data with every marker replaced. A string that is one marker without encoders takes the type of what is bound.
 * @throws ValuesError with all malformed markers, or all unbound references.
 */
export function bindValues(data: unknown, lookup: Lookup): unknown {
  const problems = checkValues(data);
  if (problems.length > 0) throw new ValuesError(problems);
  const unbound = requiredReferences(data).filter((reference) => lookup(reference) === undefined);
  if (unbound.length > 0) throw new ValuesError(unbound.map(unboundProblem));
  return mapTexts(data, (parts) => evaluate(parts, lookup));
}

/** A text's parts with every reference looked up and encoded. */
export function evaluate(parts: readonly TextPart[], lookup: Lookup): unknown {
  const [only] = parts;
  if (parts.length === 1 && only instanceof NamedValue) return evaluateValue(only, lookup);
  return parts
    .map((part) => (typeof part === "string" ? part : plainText(evaluateValue(part, lookup))))
    .join("");
}

/** The data as it may be printed: markers become `<secret mongo-password, base64>`. Keys included. */
export function maskValues(data: unknown): unknown {
  return mapTexts(data, maskParts, maskText);
}

/** One text as it may be printed. */
export function maskText(text: string): string {
  return text.includes(MARKER_OPEN) && checkText(text).length === 0 ? maskParts(parseText(text)) : text;
}

function maskParts(parts: readonly TextPart[]): string {
  return parts.map((part) => (typeof part === "string" ? part : maskValue(part))).join("");
}

function maskValue({ source, encoders }: NamedValue): string {
  const what = source.kind === "text" ? `text ${maskParts(source.parts)}` : `${source.kind} ${source.name}`;
  return `<${[what, ...encoders.map(formatEncoder)].join(", ")}>`;
}

function evaluateValue({ source, encoders }: NamedValue, lookup: Lookup): unknown {
  return encode(source.kind === "text" ? evaluate(source.parts, lookup) : lookup(source), encoders);
}

function unboundProblem(reference: Reference): ValueProblem {
  return { path: "", message: `nothing is bound to ${reference.kind}("${reference.name}")` };
}

/** Keys and indexes from the root down; joined to a path only where one is reported. */
type Trail = readonly (string | number)[];

interface Visitor {
  readonly text: (text: string, trail: Trail) => void;
  readonly key: (key: string, trail: Trail) => void;
}

function visit(data: unknown, trail: (string | number)[], visitor: Visitor): void {
  if (typeof data === "string") visitor.text(data, trail);
  else if (data instanceof NamedValue) visitor.text(data.toString(), trail);
  else if (Array.isArray(data)) data.forEach((entry, index) => visitBelow(entry, index, trail, visitor));
  else if (isPlainObject(data)) {
    for (const key of Object.keys(data)) {
      visitor.key(key, trail);
      visitBelow(data[key], key, trail, visitor);
    }
  }
}

function visitBelow(
  entry: unknown,
  key: string | number,
  trail: (string | number)[],
  visitor: Visitor,
): void {
  trail.push(key);
  visit(entry, trail, visitor);
  trail.pop();
}

/** The data with every text that holds a marker replaced; what holds none is passed on as it is. */
export function mapTexts(
  data: unknown,
  replace: (parts: readonly TextPart[]) => unknown,
  key: (key: string) => string = (same) => same,
): unknown {
  if (typeof data === "string") return data.includes(MARKER_OPEN) ? replace(parseText(data)) : data;
  if (data instanceof NamedValue) return replace(parseText(data.toString()));
  if (Array.isArray(data)) return data.map((entry) => mapTexts(entry, replace, key));
  if (!isPlainObject(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, entry]) => [key(name), mapTexts(entry, replace, key)]),
  );
}

function isPlainObject(data: unknown): data is Readonly<Record<string, unknown>> {
  if (typeof data !== "object" || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A path as people write it: dots where they are unambiguous, brackets otherwise. */
function formatPath(trail: Trail): string {
  return trail.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === "" ? key : `${path}.${key}`;
  }, "");
}
