/** Strings of nftables, in which a quote cannot be escaped. */
import { wordOf } from "./word";

/** The name of an interface. @throws Error for an invalid one */
export function nftInterface(name: string): string {
  return `"${wordOf("nftables", name, /^[A-Za-z0-9._-]{1,15}$/)}"`;
}

/** An address, a range or a network, in a match or a set. @throws Error for anything else */
export function nftAddress(text: string): string {
  return wordOf("nftables", text, /^[0-9A-Fa-f.:/-]+$|^\(\(labstead:[^"\\\s]+\)\)(\/\d+)?$/);
}

/** A comment, without characters that a string cannot contain; nftables accepts up to 128 bytes. */
export function nftComment(reason: string): string {
  const plain = reason.replaceAll(/[^ -~]|["\\]/g, "").slice(0, 120);
  return `comment "${plain}"`;
}
