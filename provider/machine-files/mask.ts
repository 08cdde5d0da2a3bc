/** Removes secrets from a machine's messages: validators quote the line that they refuse. */

/** Shorter texts would hide half of every message, and are not secrets. */
const SHORTEST = 4;

/** @param secrets as a whole, and line by line if they have several lines */
export function masked(text: string, secrets: readonly string[]): string {
  const parts = secrets
    .flatMap((secret) => [secret, ...secret.split("\n")])
    .map((part) => part.trim())
    .filter((part) => part.length >= SHORTEST);
  // The longest first: one may contain another.
  const ordered = [...new Set(parts)].sort((one, other) => other.length - one.length);
  return ordered.reduce((text, part) => text.replaceAll(part, "[secret]"), text);
}
