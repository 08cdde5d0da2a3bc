/** Words of haproxy.cfg (HAProxy's configuration manual, section 2.2, "Quoting and escaping"). */
import { wordOf } from "./word";

/** A word; in its weak quotes backslash, quote and dollar are escaped. @throws Error for a control character */
export function haproxyWord(text: string): string {
  return wordOf(
    "HAProxy",
    text,
    /^[A-Za-z0-9._~:/@+=,?&%-]+$/,
    (each) => `"${each.replace(/[\\"$]/g, "\\$&")}"`,
  );
}

/** A word that HAProxy reads as a log format, where a percent sign begins a variable (section 8.2.4). */
export function haproxyFormat(text: string): string {
  return haproxyWord(text.replaceAll("%", "%%"));
}
