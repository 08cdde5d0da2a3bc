/** Private keys: made, and read from PEM for signing. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, webcrypto } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";

import type { PlainMap } from "../../provider-protocol";
import { sshPrivate, sshPublic } from "../keys/ssh";
import { text } from "../../provider-protocol/plain";
import type { Made } from "../../provider-protocol/store";

const newKeyPair = promisify(generateKeyPair);

/** Node's names of the curves that the provider knows. */
const CURVES: Readonly<Record<string, string>> = {
  P224: "secp224r1",
  P256: "P-256",
  P384: "P-384",
  P521: "P-521",
};

const DEFAULTS = { rsaBits: 2048, ecdsaCurve: "P224" };

/** A `PrivateKey` resource. */
export async function makePrivateKey(inputs: PlainMap): Promise<Made> {
  const completed = { ...DEFAULTS, ...inputs };
  const privateKey = await newPrivateKey(text(inputs, "algorithm"), completed);
  const publicKey = createPublicKey(privateKey);
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const privateKeyPem = nativePem(privateKey);
  const { openssh, md5, sha256 } = sshPublic(publicKey);
  return {
    id: createHash("sha1").update(publicKeyPem).digest("hex"),
    outputs: {
      ...completed,
      privateKeyPem,
      privateKeyPemPkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      privateKeyOpenssh: sshPrivate(privateKey, privateKeyPem),
      publicKeyPem,
      publicKeyOpenssh: openssh,
      publicKeyFingerprintMd5: md5,
      publicKeyFingerprintSha256: sha256,
    },
  };
}

async function newPrivateKey(
  algorithm: string,
  options: { readonly rsaBits: unknown; readonly ecdsaCurve: unknown },
): Promise<KeyObject> {
  switch (algorithm) {
    case "ED25519":
      return (await newKeyPair("ed25519")).privateKey;
    case "RSA":
      return (await newKeyPair("rsa", { modulusLength: Number(options.rsaBits) })).privateKey;
    case "ECDSA": {
      const namedCurve = CURVES[String(options.ecdsaCurve)];
      if (namedCurve === undefined)
        throw new Error(
          `ecdsaCurve: "${String(options.ecdsaCurve)}" is none of ${Object.keys(CURVES).join(", ")}`,
        );
      return (await newKeyPair("ec", { namedCurve })).privateKey;
    }
    default:
      throw new Error(`algorithm: "${algorithm}" is none of RSA, ECDSA, ED25519`);
  }
}

/** PEM in the form of the kind of key: PKCS#1 for RSA, SEC 1 for ECDSA, PKCS#8 for Ed25519. */
function nativePem(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    default:
      return key.export({ type: "pkcs8", format: "pem" }).toString();
  }
}

/** A private key with its public half, ready for signing certificates. */
export interface Signer {
  /** `RSA`, `ECDSA` or `ED25519`. */
  readonly algorithm: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly signingAlgorithm: webcrypto.Algorithm | webcrypto.EcdsaParams;
}

/** Web Crypto's parameters for a key, and for a signature by it. */
interface Suite {
  readonly algorithm: string;
  readonly key: webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | webcrypto.Algorithm;
  readonly signature: webcrypto.Algorithm | webcrypto.EcdsaParams;
}

function suiteOf(key: KeyObject): Suite {
  switch (key.asymmetricKeyType) {
    case "rsa": {
      const parameters = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
      return { algorithm: "RSA", key: parameters, signature: parameters };
    }
    case "ec": {
      const curve = key.export({ format: "jwk" }).crv ?? "";
      const hash = { "P-256": "SHA-256", "P-384": "SHA-384", "P-521": "SHA-512" }[curve];
      if (hash === undefined)
        throw new Error(
          "certificates with keys on the curve P224 are not served by the built-in cloud; use P256, P384 or P521",
        );
      return {
        algorithm: "ECDSA",
        key: { name: "ECDSA", namedCurve: curve },
        signature: { name: "ECDSA", hash },
      };
    }
    case "ed25519":
      return { algorithm: "ED25519", key: { name: "Ed25519" }, signature: { name: "Ed25519" } };
    default:
      throw new Error(`keys of the kind ${String(key.asymmetricKeyType)} cannot sign certificates`);
  }
}

/** @param property the input that holds the key in PEM */
export async function signerOf(inputs: PlainMap, property: string): Promise<Signer> {
  const key = parsed(text(inputs, property), property);
  const suite = suiteOf(key);
  const importing = (format: "pkcs8" | "spki", der: Buffer, usage: webcrypto.KeyUsage) =>
    webcrypto.subtle.importKey(format, der, suite.key, true, [usage]);
  const privateKey = await importing("pkcs8", key.export({ type: "pkcs8", format: "der" }), "sign");
  const publicKey = await importing(
    "spki",
    createPublicKey(key).export({ type: "spki", format: "der" }),
    "verify",
  );
  return { algorithm: suite.algorithm, keys: { privateKey, publicKey }, signingAlgorithm: suite.signature };
}

function parsed(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The reason given by the library may quote the key.
    throw new Error(`${property}: no private key in PEM`);
  }
}
