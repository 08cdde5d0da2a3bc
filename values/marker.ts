/**
 * The spelling of a marker. It holds no character that JSON, YAML (plain or quoted), HTML-escaping JSON printers or
 * Helm and Prometheus templates treat specially: no quotes, backslashes, `$`, `<`, `{{` or blanks at the outside.
 *
 *     ((labstead:secret:mongo-password|base64|hash:16))
 *     ((labstead:text:user%3A{secret:mongo|url}%40host|base64))
 */
import { assertNever } from "../errors/assert-never";
import type { Encoder, Reference } from "./reference";

/** Prefix of every marker. */
export const MARKER_OPEN = "((labstead:";
/** Suffix of every marker. */
export const MARKER_CLOSE = "))";
/** Hexadecimal digits of a SHA-256. */
export const HASH_LENGTH = 64;
/** Below 32 bits a changed secret could keep its hash by accident. */
export const HASH_MINIMUM = 8;

/** The properties of a named value that its marker holds. */
interface Marked {
  readonly source: Reference | { readonly kind: "text"; readonly parts: readonly (string | Marked)[] };
  readonly encoders: readonly Encoder[];
}

/** The text that stands for a value: its marker, or the composed text when no encoder applies to the whole. */
export function formatMarker(value: Marked): string {
  if (value.source.kind === "text" && value.encoders.length === 0) {
    return value.source.parts.map((part) => (typeof part === "string" ? part : formatMarker(part))).join("");
  }
  return `${MARKER_OPEN}${formatBody(value)}${MARKER_CLOSE}`;
}

function formatBody(value: Marked): string {
  return [formatSource(value), ...value.encoders.map(formatEncoder)].join("|");
}

function formatSource({ source }: Marked): string {
  if (source.kind !== "text") return `${source.kind}:${source.name}`;
  const parts = source.parts.map((part) =>
    typeof part === "string" ? escapeLiteral(part) : `{${formatBody(part)}}`,
  );
  return `text:${parts.join("")}`;
}

/** The encoder as it is spelled in a marker. */
export function formatEncoder(encoder: Encoder): string {
  switch (encoder.kind) {
    case "json":
    case "escape":
    case "url":
    case "base64":
      return encoder.kind;
    case "hash":
      return encoder.length === HASH_LENGTH ? "hash" : `hash:${encoder.length}`;
    default:
      return assertNever(encoder);
  }
}

/** Percent-encodes everything but letters, digits and `. _ -`, so that no delimiter can stand in a literal. */
function escapeLiteral(literal: string): string {
  return encodeURIComponent(literal).replaceAll(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
