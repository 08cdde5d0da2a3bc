/** Words of sh and bash, and files of settings that scripts read as a part of their own text. */
import { isControlled, unspeakable, wordOf } from "./word";

/** A word in single quotes, in which nothing is special. @throws Error for a control character */
export function singleQuoted(text: string): string {
  if (isControlled(text)) throw unspeakable("a shell", text);
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word as it is where a shell reads it so, else in single quotes. */
export function shellWord(text: string): string {
  return wordOf("a shell", text, /^[A-Za-z0-9._:/@%+=,-]+$/, singleQuoted);
}

/** Inside of double quotes: what would be expanded there is escaped. */
export function inDoubleQuotes(text: string): string {
  if (isControlled(text)) throw unspeakable("a shell", text);
  return text.replace(/[\\"$`]/g, "\\$&");
}

/** `NAME="value"` for each. @throws Error for a name that is none */
export function shellSettings(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${wordOf("a shell", name, /^[A-Z][A-Z_]*$/)}="${inDoubleQuotes(value)}"\n`)
    .join("");
}
