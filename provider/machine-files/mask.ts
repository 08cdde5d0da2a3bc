/** Removes secrets from a machine's messages: validators quote the line that they refuse. */

/** Shorter texts would hide half of every message, and are no secrets. */
const SHORTEST = 4;

/** @param secrets whole, and line by line where they have several */
export function masked(text: string, secrets: readonly string[]): string {
  const parts = secrets
    .flatMap((secret) => [secret, ...secret.split("\n")])
    .map((part) => part.trim())
    .filter((part) => part.length >= SHORTEST);
  // The longest first: one may hold another.
  const ordered = [...new Set(parts)].sort((one, other) => other.length - one.length);
  return ordered.reduce((text, part) => text.replaceAll(part, "[secret]"), text);
}
