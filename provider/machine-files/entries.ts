/** How the engine sees a file: owner, mode and a keyed hash of its content, in one line that a preview can show. */
import { createHash, createHmac } from "node:crypto";

/** Hexadecimal digits of a hash: 128 bits. */
const HASH_LENGTH = 32;

/** What identifies a version of a file on a machine. */
export interface FileLook {
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
  /** `user:group` */
  readonly owner: string;
  /** Four octal digits. */
  readonly mode: string;
}

export function sha256(content: string): string {
  return createHash("sha256").update(content, "utf8").digest("hex");
}

/**
 * `0644 root:root 5f2c…`. The hash is keyed by the stack's salt, since a plain one would reveal a short password to
 * guessing; and bound to the path, so that equal contents have different hashes.
 */
export function entryOf(salt: string, path: string, { sha256: hash, owner, mode }: FileLook): string {
  const keyed = createHmac("sha256", salt).update(`${path}\0${hash}`).digest("hex").slice(0, HASH_LENGTH);
  return `${mode} ${owner} ${keyed}`;
}
