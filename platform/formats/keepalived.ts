/**
 * Words of keepalived.conf. Its quoting differs by version and keyword, and `$` starts a definition, so only texts
 * without special characters are accepted.
 */
import { unrepresentable, wordOf } from "./word";

/** A name, an address, a password, or a marker of a value that is known later. @throws Error for anything else */
export function keepalivedWord(text: string): string {
  return wordOf("keepalived", text, /^[A-Za-z0-9._:/|()-]+$/);
}

/** A command with its arguments. @throws Error if it contains a quote, backslash, dollar, comment or line break */
export function keepalivedCommand(command: string): string {
  if (/^[A-Za-z0-9._:/ =+,-]+$/.test(command)) return `"${command}"`;
  throw unrepresentable("keepalived", command);
}
