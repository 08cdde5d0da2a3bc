/** Reads markers back out of text, and recognises texts in which a later value was lost. */
import { HASH_LENGTH, HASH_MINIMUM, MARKER_CLOSE, MARKER_OPEN } from "./marker";
import { isReferenceName, NamedValue, type TextPart, type ValueSource } from "./core";
import type { Encoder, Reference } from "./reference";

/** Pulumi's text of an Output that was converted to a string. */
const OUTPUT_TEXT = /Calling \[(toString|toJSON)\] on an \[Output<T>\]/;
const URL_ENCODED_OPEN = encodeURIComponent(MARKER_OPEN);
const BASE64_OPENS = [0, 1, 2].map(base64Core);

/**
 * A text cut into literals and values, adjacent literals joined, empty ones left out.
 * @throws Error on a malformed marker.
 */
export function parseText(source: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let position = 0;
  for (;;) {
    const open = source.indexOf(MARKER_OPEN, position);
    const literal = source.slice(position, open < 0 ? undefined : open);
    if (literal !== "") parts.push(literal);
    if (open < 0) return parts;
    const close = source.indexOf(MARKER_CLOSE, open);
    if (close < 0) throw new MarkerError(source.slice(open), `no closing ${MARKER_CLOSE}`);
    position = close + MARKER_CLOSE.length;
    parts.push(parseMarker(source.slice(open, position)));
  }
}

/** What is wrong with a text that should carry later values; empty when it is fine. */
export function checkText(source: string): readonly string[] {
  const call = source.includes("Calling [") ? OUTPUT_TEXT.exec(source) : null;
  if (call) {
    return [
      `an Output was turned into text ("Calling [${call[1]}] on an [Output<T>]"); use a named value, secret("…"), address("…") or output("…"), in its place`,
    ];
  }
  if (BASE64_OPENS.some((core) => source.includes(core))) {
    return ["a later value was base64-encoded while it was only a marker; use .base64() on the value itself"];
  }
  if (source.includes(URL_ENCODED_OPEN)) {
    return ["a later value was URL-encoded while it was only a marker; use .url() on the value itself"];
  }
  return markerProblems(source);
}

class MarkerError extends Error {
  constructor(marker: string, reason: string) {
    const shown = marker.length > 80 ? `${marker.slice(0, 77)}...` : marker;
    super(
      `malformed marker ${shown}: ${reason}; write it with secret("…"), address("…"), output("…") or text\`…\``,
    );
    this.name = "MarkerError";
  }
}

function markerProblems(source: string): readonly string[] {
  if (!source.includes(MARKER_OPEN)) return [];
  try {
    parseText(source);
    return [];
  } catch (error) {
    if (error instanceof MarkerError) return [error.message];
    throw error;
  }
}

function parseMarker(marker: string): NamedValue {
  const result = new BodyReader(marker.slice(MARKER_OPEN.length, -MARKER_CLOSE.length)).read();
  if (typeof result === "string") throw new MarkerError(marker, result);
  return result;
}

/** Recursive descent over `kind:name|encoder` and `text:literal{kind:name|encoder}literal|encoder`. */
class BodyReader {
  private position = 0;

  constructor(private readonly body: string) {}

  /** The value, or what is wrong. */
  read(): NamedValue | string {
    const value = this.value();
    if (typeof value !== "string" && this.position < this.body.length) {
      return `unexpected ${JSON.stringify(this.body.slice(this.position))}`;
    }
    return value;
  }

  private value(): NamedValue | string {
    const kind = this.take(/[a-z]*/y);
    if (!this.skip(":")) return `no ":" after ${JSON.stringify(kind)}`;
    const source = kind === "text" ? this.text() : parseReference(kind, this.take(/[A-Za-z0-9._/-]*/y));
    if (typeof source === "string") return source;
    const encoders: Encoder[] = [];
    while (this.skip("|")) {
      const name = this.take(/[a-z0-9:]*/y);
      const encoder = parseEncoder(name);
      if (encoder === undefined) return `unknown encoder ${JSON.stringify(name)}`;
      encoders.push(encoder);
    }
    return new NamedValue(source, encoders);
  }

  private text(): ValueSource | string {
    const parts: TextPart[] = [];
    for (;;) {
      const literal = this.take(/(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+/y);
      const decoded = decodeLiteral(literal);
      if (decoded === undefined) return `${literal} is no percent-encoded UTF-8`;
      if (decoded !== "") parts.push(decoded);
      if (!this.skip("{")) return { kind: "text", parts: Object.freeze(parts) };
      const inner = this.value();
      if (typeof inner === "string") return inner;
      parts.push(inner);
      if (!this.skip("}")) return `no "}" after an inner value`;
    }
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const taken = pattern.exec(this.body)?.[0] ?? "";
    this.position += taken.length;
    return taken;
  }

  private skip(character: string): boolean {
    if (this.body[this.position] !== character) return false;
    this.position += 1;
    return true;
  }
}

function decodeLiteral(literal: string): string | undefined {
  try {
    return decodeURIComponent(literal);
  } catch {
    return undefined;
  }
}

function parseReference(kind: string, name: string): Reference | string {
  if (kind !== "secret" && kind !== "address" && kind !== "output") {
    return `unknown kind ${JSON.stringify(kind)}`;
  }
  return isReferenceName(name) ? Object.freeze({ kind, name }) : `${JSON.stringify(name)} is not a name`;
}

function parseEncoder(name: string): Encoder | undefined {
  switch (name) {
    case "json":
    case "escape":
    case "url":
    case "base64":
      return { kind: name };
    case "hash":
      return { kind: "hash", length: HASH_LENGTH };
    default: {
      const length = Number(/^hash:([1-9][0-9]?)$/.exec(name)?.[1]);
      return length >= HASH_MINIMUM && length < HASH_LENGTH ? { kind: "hash", length } : undefined;
    }
  }
}

/**
 * The characters of base64 that depend on the marker's opening alone when it stands `offset` bytes after a multiple
 * of three: 6 bits a character, the first and last ones left out where foreign bits take part.
 */
function base64Core(offset: number): string {
  const encoded = Buffer.from("\0".repeat(offset) + MARKER_OPEN, "latin1").toString("base64");
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + MARKER_OPEN.length) * 8) / 6);
  return encoded.slice(first, last);
}
