/** Words of sh and bash, and settings files that scripts source. */
import { isControlled, unrepresentable, wordOf } from "./word";

/** A word in single quotes, in which nothing is special. @throws Error for a control character */
export function singleQuoted(text: string): string {
  if (isControlled(text)) throw unrepresentable("a shell", text);
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** An unquoted word if a shell reads it literally, else in single quotes. */
export function shellWord(text: string): string {
  return wordOf("a shell", text, /^[A-Za-z0-9._:/@%+=,-]+$/, singleQuoted);
}

/** Content of double quotes: characters that would be expanded there are escaped. */
export function inDoubleQuotes(text: string): string {
  if (isControlled(text)) throw unrepresentable("a shell", text);
  return text.replace(/[\\"$`]/g, "\\$&");
}

/** `NAME="value"` for each. @throws Error for an invalid name */
export function shellSettings(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${wordOf("a shell", name, /^[A-Z][A-Z_]*$/)}="${inDoubleQuotes(value)}"\n`)
    .join("");
}
