/** The text of a user's file, or its problem. */
import { readFileSync, statSync, type Stats } from "node:fs";
import { isNativeError } from "node:util/types";

export type TextResult =
  | { readonly ok: true; readonly text: string }
  /** Continues "<file> …". */
  | { readonly ok: false; readonly explanation: string; readonly fix: string };

/** A hundred times the size for 20,000 people, so that a wrong file does not fill the memory. */
const MOST_MEBIBYTES = 256;

/**
 * Reads a text in UTF-8 without blocking: a pipe without a writer would block the command forever.
 * @param missing the fix where there is no such file
 */
export function readText(file: string, missing: string): TextResult {
  try {
    const stats = statSync(file);
    return refusedKind(stats) ?? decoded(readFileSync(file));
  } catch (error) {
    return unread(error, missing);
  }
}

function refusedKind(stats: Stats): TextResult | undefined {
  if (stats.isDirectory()) return refused("is a folder", "write a file in its place");
  if (!stats.isFile()) return refused("is a pipe, socket or device", "write a file in its place");
  if (stats.size <= MOST_MEBIBYTES * 1024 * 1024) return undefined;
  return refused(`is larger than ${String(MOST_MEBIBYTES)} MiB`, "give the file that was meant");
}

function decoded(bytes: Buffer): TextResult {
  if (isUtf16(bytes)) return refused("is text in UTF-16", "save it in UTF-8");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // YAML allows tabs and line breaks of the control characters (YAML 1.2.2, 5.1).
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    if (!/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text)) return { ok: true, text };
  } catch {
    // Bytes that no character has.
  }
  return refused("is not text in UTF-8", "write it with a text editor, or save it in UTF-8");
}

/** By its byte-order mark, or by the zero bytes of plain letters. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const start = bytes.subarray(0, 64);
  const zeros = start.filter((byte) => byte === 0).length;
  return bytes.length >= 2 && bytes.length % 2 === 0 && zeros * 2 === start.length && start.every(isPlain);
}

function isPlain(byte: number): boolean {
  return byte === 0 || (byte >= 9 && byte < 127);
}

const PROBLEMS: Readonly<Record<string, (missing: string) => TextResult>> = {
  ENOENT: (missing) => refused("does not exist", missing),
  ENOTDIR: (missing) => refused("does not exist", missing),
  EACCES: () => refused("cannot be read: permission denied", "make it readable for your account (chmod u+r)"),
  EPERM: () => refused("cannot be read: permission denied", "make it readable for your account (chmod u+r)"),
  ELOOP: () => refused("is a link to itself", "write a file in its place"),
};

function unread(error: unknown, missing: string): TextResult {
  if (!isNativeError(error) || !("code" in error)) throw error;
  const known = PROBLEMS[String(error.code)];
  return known?.(missing) ?? refused(`cannot be read: ${error.message}`, "correct the disk or its mount");
}

function refused(explanation: string, fix: string): TextResult {
  return { ok: false, explanation, fix };
}
