/** Strings of nftables, which have no escape for a quote. */
import { wordOf } from "./word";

/** The name of an interface. @throws Error for what no interface is called */
export function nftInterface(name: string): string {
  return `"${wordOf("nftables", name, /^[A-Za-z0-9._-]{1,15}$/)}"`;
}

/** An address, a range or a network, in a match or a set. @throws Error for anything else */
export function nftAddress(text: string): string {
  return wordOf("nftables", text, /^[0-9A-Fa-f.:/-]+$|^\(\(labstead:[^"\\\s]+\)\)(\/\d+)?$/);
}

/** A comment, without what a string cannot hold; nftables takes up to 128 bytes. */
export function nftComment(reason: string): string {
  const plain = reason.replaceAll(/[^ -~]|["\\]/g, "").slice(0, 120);
  return `comment "${plain}"`;
}
