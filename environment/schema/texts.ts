/**
 * Texts that a person chooses freely, each as narrow as the place where it ends up allows: configuration files, scripts
 * and command lines of servers. Each message continues "<path>: <value given> …" and ends with the fix.
 */
import { z } from "zod";

/** Host names, IPv4 addresses and IPv6 addresses in brackets, with a port. */
const AUTHORITY = String.raw`([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?`;
/** Of RFC 3986 what no shell, no apt and no load balancer treats specially. */
const SEGMENTS = "(/[A-Za-z0-9._~%+@:,=-]{0,255}){0,32}";

/** The address of a web site, without account, query and fragment; it reaches scripts and lists of package sources. */
export function webAddress(schemes: "https" | "https?", error: string) {
  return z.string().regex(new RegExp(`^${schemes}://${AUTHORITY}${SEGMENTS}$`), error);
}

/** The path of a health check, with its query. */
export const urlPath = z
  .string()
  .regex(
    /^\/[A-Za-z0-9._~%+@:,=/?&-]{0,255}$/,
    "is not a path; start it with a slash, such as /healthz, and write other characters than letters, digits and ._~%+@:,=/?&- as %20",
  );

/** One line for people or for a service that only compares it: no control characters. */
export function line(what: string, longest = 255) {
  return z
    .string()
    .min(1, `is empty; write ${what}`)
    .max(longest, `is longer than ${String(longest)} characters; write ${what}`)
    .regex(CONTROL_FREE, `has a line break or another control character; write ${what} on one line`);
}

/** C0, DEL and C1, and the two separators of Unicode that some programs take for line breaks. */
export const CONTROL_FREE = /^[ -~\u00a0-\u2027\u202a-\uffff]*$/;

/** A word of an identity provider: a client's id, an audience, the name of a claim. It reaches command lines. */
export function identityWord(what: string) {
  return z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._~:/@+=|-]{0,254}$/,
      `is not ${what}; use up to 255 letters, digits and the characters . _ ~ : / @ + = | -, starting with a letter or digit`,
    );
}
