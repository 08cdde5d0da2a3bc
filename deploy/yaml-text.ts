/**
 * JSON data as block YAML, for people to read. A general YAML printer takes many times as long for a lab's manifests,
 * and `labstead plan` must respond at once. This one has three styles for a text and uses the safe one in doubt.
 */
import { isJsonObject } from "./manifest";

/**
 * Texts that are safe without quotes: they start with a letter, a slash or a mask, contain no `: ` or ` #`, and are not
 * an exponent.
 */
const PLAIN =
  /^(?!-*[eE][-+0-9])(?:--?[A-Za-z]|[A-Za-z/]|<[a-z])(?:[A-Za-z0-9_./@%+=,()|<>*?&;$-]|:(?=\S)| (?=[^\s#:]))*$/;
/** Words that YAML 1.1 or 1.2 does not read as text, in any case. */
const WORDS: ReadonlySet<string> = new Set(["true", "false", "yes", "no", "on", "off", "y", "n", "null"]);
/** Not allowed in a literal block: control characters, other line breaks, a byte order mark, lone surrogates. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NOT_LITERAL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]/;

/** A document, ending with a line break. */
export function yamlText(data: unknown): string {
  const lines: string[] = [];
  writeNode(data, "", "", lines);
  return `${lines.join("\n")}\n`;
}

/** Writes a value after `lead` (a key, a dash, or nothing); lines below it start with `indent`. */
function writeNode(value: unknown, lead: string, indent: string, lines: string[]): void {
  if (Array.isArray(value) && value.length > 0) {
    if (lead !== "") lines.push(lead);
    for (const entry of value) writeEntry(entry, indent, lines);
  } else if (isJsonObject(value) && hasFields(value)) {
    if (lead !== "") lines.push(lead);
    writeFields(value, indent, lines);
  } else {
    const gap = lead === "" ? "" : " ";
    lines.push(`${lead}${gap}${scalar(value, indent)}`);
  }
}

function writeFields(fields: Readonly<Record<string, unknown>>, indent: string, lines: string[]): void {
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value !== undefined) writeNode(value, `${indent}${quoted(key)}:`, `${indent}  `, lines);
  }
}

/** An entry that is an object starts on the line of its dash. */
function writeEntry(entry: unknown, indent: string, lines: string[]): void {
  if (!isJsonObject(entry) || !hasFields(entry)) {
    writeNode(entry, `${indent}-`, `${indent}  `, lines);
    return;
  }
  const first = lines.length;
  writeFields(entry, `${indent}  `, lines);
  lines[first] = `${indent}- ${(lines[first] ?? "").slice(indent.length + 2)}`;
}

function hasFields(value: Readonly<Record<string, unknown>>): boolean {
  return Object.values(value).some((field) => field !== undefined);
}

function scalar(value: unknown, indent: string): string {
  if (Array.isArray(value)) return "[]";
  if (isJsonObject(value)) return "{}";
  if (typeof value !== "string") return JSON.stringify(value ?? null);
  return value.includes("\n") && isLiteral(value) ? literal(value, indent) : quoted(value);
}

function quoted(text: string): string {
  return PLAIN.test(text) && !WORDS.has(text.toLowerCase()) ? text : JSON.stringify(text);
}

/** The first line determines a literal block's indentation, so it must not be blank or indented. */
function isLiteral(text: string): boolean {
  return !NOT_LITERAL.test(text) && /^[^\s]/.test(text) && text.trim() !== "";
}

function literal(text: string, indent: string): string {
  const chomping = !text.endsWith("\n") ? "-" : text.endsWith("\n\n") ? "+" : "";
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const below = indent === "" ? "  " : indent;
  return [`|${chomping}`, ...body.split("\n").map((line) => (line === "" ? "" : `${below}${line}`))].join(
    "\n",
  );
}
