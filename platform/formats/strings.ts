/** Strings of TOML and rsyslog's RainerScript, which have one spelling for all; words of formats without quoting. */
import { isControlled, unrepresentable, wordOf } from "./word";

/** A basic string of TOML, whose escapes are those of JSON, and DEL. */
export function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** A string constant of RainerScript. */
export function rsyslogString(text: string): string {
  if (isControlled(text)) throw unrepresentable("rsyslog", text);
  return `"${text.replace(/[\\"$]/g, "\\$&")}"`;
}

/** A value of exports(5), Ganesha, fail2ban, WireGuard or apt: an address, a path, a name. @throws Error for anything else */
export function plainWord(format: string, text: string): string {
  return wordOf(format, text, /^[A-Za-z0-9._~:/@+=*,-]+$/);
}
