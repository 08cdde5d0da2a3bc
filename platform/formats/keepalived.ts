/**
 * Words of keepalived.conf. Its quoting differs by version and keyword, and `$` begins a definition, so that only texts
 * without anything special are taken.
 */
import { unspeakable, wordOf } from "./word";

/** A name, an address, a password; a marker of a value that is known later. @throws Error for anything else */
export function keepalivedWord(text: string): string {
  return wordOf("keepalived", text, /^[A-Za-z0-9._:/|()-]+$/);
}

/** A command with its arguments. @throws Error for a quote, a backslash, a dollar, a comment or a line break in it */
export function keepalivedCommand(command: string): string {
  if (/^[A-Za-z0-9._:/ =+,-]+$/.test(command)) return `"${command}"`;
  throw unspeakable("keepalived", command);
}
