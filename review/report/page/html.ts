/** Text of HTML and SVG in which every value is escaped. */
import { printable } from "../../../environment/printable";
import { maskText } from "../../../values";

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | readonly Html[] | undefined;

/**
 * HTML with values in it: texts are escaped, for elements and for attributes in double quotes; lists are joined.
 * Named values are masked, whatever they stand for.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    narrow(parts)
      .map((part, index) => part + valueText(values[index]))
      .join(""),
  );
}

const narrowed = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Without the indentation of this program's source. */
function narrow(parts: TemplateStringsArray): readonly string[] {
  const known = narrowed.get(parts) ?? parts.map((part) => part.replace(/\s*\n\s*/g, "\n"));
  narrowed.set(parts, known);
  return known;
}

export const NOTHING = new Html("");

function valueText(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return printable(maskText(text)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** An id for an element and for links to it: letters, digits, `-` and `.` stay, the rest becomes its code. */
export function anchor(id: string): string {
  return id.replace(/[^A-Za-z0-9.-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`);
}
