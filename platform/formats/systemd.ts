/** Values of systemd's unit files (systemd.syntax(7), systemd.unit(5)). */
import { isControlled, unrepresentable, wordOf } from "./word";

/** One line of text: a percent sign starts a specifier, and a backslash at the end continues the line. */
export function systemdText(text: string): string {
  if (isControlled(text) || text.endsWith("\\")) throw unrepresentable("systemd", text);
  return text.replaceAll("%", "%%");
}

/** A word of a command or a list: paths, names of units, arguments. */
export function systemdWord(text: string): string {
  return wordOf("systemd", text, /^[A-Za-z0-9._:/@+=,-]+$/, (each) => `"${escaped(each)}"`);
}

/** `$` starts a variable in commands. */
function escaped(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%").replaceAll("$", "$$$$");
}
