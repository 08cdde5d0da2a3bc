/** Words of haproxy.cfg (HAProxy's configuration manual, section 2.2, "Quoting and escaping"). */
import { wordOf } from "./word";

/** A word; backslash, quote and dollar are escaped in weak quotes. @throws Error for a control character */
export function haproxyWord(text: string): string {
  return wordOf(
    "HAProxy",
    text,
    /^[A-Za-z0-9._~:/@+=,?&%-]+$/,
    (each) => `"${each.replace(/[\\"$]/g, "\\$&")}"`,
  );
}

/** A word that HAProxy parses as a log format, where a percent sign starts a variable (section 8.2.4). */
export function haproxyFormat(text: string): string {
  return haproxyWord(text.replaceAll("%", "%%"));
}
