/** WireGuard's keys are X25519 keys in base64; any 32 bytes are a private key. */
import { createPrivateKey, createPublicKey } from "node:crypto";

export const WIREGUARD_KEY_BYTES = 32;

/** PKCS #8 wrapper of a raw X25519 private key (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");

/** The output of `wg pubkey` for a private key. */
export function wireGuardPublicKey(privateKey: string): string {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(privateKey, "base64")]);
  const { x } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({
    format: "jwk",
  });
  if (x === undefined) throw new Error("an X25519 key has a public half");
  return Buffer.from(x, "base64url").toString("base64");
}
