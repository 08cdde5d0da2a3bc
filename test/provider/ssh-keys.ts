import { generateKeyPairSync } from "node:crypto";
import { sshPrivate, sshPublic } from "../../rehearsal/keys/ssh";

/**
 * A new Ed25519 key in OpenSSH's formats. One in three hundred of those that `ssh2` itself makes can be read neither by it
 * nor by ssh-keygen (1.17.0).
 */
export function sshKeys(): { readonly private: string; readonly public: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { private: sshPrivate(privateKey, pem), public: sshPublic(publicKey).openssh };
}
