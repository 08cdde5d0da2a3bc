/** The values themselves: references, encoders and the immutable class; `index.ts` is the entry point. */
import { createHash } from "node:crypto";
import { assertNever } from "../errors/assert-never";
import { formatMarker, HASH_LENGTH, HASH_MINIMUM } from "./marker";
import type { Encoder, Reference } from "./reference";

/** A part of a text: literal, or a value known later. */
export type TextPart = string | NamedValue;

/** Where a value comes from: one reference, or a text composed of literals and other values. */
export type ValueSource = Reference | { readonly kind: "text"; readonly parts: readonly TextPart[] };

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,198}[A-Za-z0-9])?$/;

/** An immutable value known later. Use it in a template string, or call `toString()`, to get its marker. */
export class NamedValue {
  readonly source: ValueSource;
  readonly encoders: readonly Encoder[];
  /**
   * Whether what is bound must be a secret. True as soon as a secret takes part, also behind `hash`: a hash of a
   * short password can be guessed offline, and nobody has to decide which passwords are long.
   */
  readonly sensitive: boolean;

  constructor(source: ValueSource, encoders: readonly Encoder[] = []) {
    this.source = source;
    this.encoders = Object.freeze([...encoders]);
    this.sensitive = isSensitive(source);
    Object.freeze(this);
  }

  /** The value as JSON, with quotes where it is a string: for `{"password": …}` in a text. */
  json(): NamedValue {
    return this.with({ kind: "json" });
  }

  /** The value escaped for the inside of a double-quoted JSON or YAML string. */
  escape(): NamedValue {
    return this.with({ kind: "escape" });
  }

  /** The value percent-encoded for a part of a URL, as a password in a connection string needs it. */
  url(): NamedValue {
    return this.with({ kind: "url" });
  }

  /** The UTF-8 text of the value in base64. */
  base64(): NamedValue {
    return this.with({ kind: "base64" });
  }

  /** The SHA-256 of the UTF-8 text in hexadecimal, cut to `length` digits (8 to 64). Stays sensitive. */
  hash(length: number = HASH_LENGTH): NamedValue {
    if (!Number.isInteger(length) || length < HASH_MINIMUM || length > HASH_LENGTH) {
      throw new Error(`hash(${length}): a hash has ${HASH_MINIMUM} to ${HASH_LENGTH} hexadecimal digits`);
    }
    return this.with({ kind: "hash", length });
  }

  /** The marker; for a composed text without encoders, its literals with the markers of its parts. */
  toString(): string {
    return formatMarker(this);
  }

  toJSON(): string {
    return this.toString();
  }

  /** Lets cdk8s accept the value itself where a construct takes anything. */
  resolve(): string {
    return this.toString();
  }

  private with(encoder: Encoder): NamedValue {
    return new NamedValue(this.source, [...this.encoders, encoder]);
  }
}

/** Whether a text can name a value. */
export function isReferenceName(name: string): boolean {
  return NAME.test(name);
}

/** One key for a reference, `secret:mongo-password`: what bindings are keyed by. */
export function referenceKey(of: Reference): string {
  return `${of.kind}:${of.name}`;
}

function isSensitive(source: ValueSource): boolean {
  if (source.kind !== "text") return source.kind === "secret";
  return source.parts.some((part) => typeof part !== "string" && part.sensitive);
}

/** The text of a bound value after its encoders; without encoders the value itself, with its type. */
export function encode(value: unknown, encoders: readonly Encoder[]): unknown {
  return encoders.reduce<unknown>(applyEncoder, value);
}

function applyEncoder(value: unknown, encoder: Encoder): unknown {
  switch (encoder.kind) {
    case "json":
      return JSON.stringify(value);
    case "escape":
      return JSON.stringify(plainText(value)).slice(1, -1);
    case "url":
      return encodeURIComponent(plainText(value));
    case "base64":
      return Buffer.from(plainText(value), "utf8").toString("base64");
    case "hash":
      return createHash("sha256").update(plainText(value), "utf8").digest("hex").slice(0, encoder.length);
    default:
      return assertNever(encoder);
  }
}

/** A bound value as text. A structure has no text of its own: the error says to use `json()`. */
export function plainText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    default:
      throw new Error(
        `a bound value of type ${value === null ? "null" : typeof value} has no text of its own; use .json() where it is used`,
      );
  }
}
