/** Key pairs in OpenSSH's notations (RFC 4253, RFC 5656, RFC 8709; PROTOCOL.key of OpenSSH for private keys). */
import { createHash, createPublicKey, randomBytes } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";

/** A public key as the bytes that OpenSSH puts in base64; undefined for kinds of keys that OpenSSH does not have. */
function publicBlob(key: KeyObject): { readonly kind: string; readonly blob: Buffer } | undefined {
  const jwk = key.export({ format: "jwk" });
  switch (jwk.kty) {
    case "OKP":
      return blob("ssh-ed25519", bytes(jwk.x));
    case "RSA":
      return blob("ssh-rsa", mpint(bytes(jwk.e)), mpint(bytes(jwk.n)));
    case "EC":
      return ellipticBlob(jwk);
    default:
      return undefined;
  }
}

/** OpenSSH's names of the curves that it knows; P-224 is not among them. */
const CURVES: Readonly<Record<string, string>> = {
  "P-256": "nistp256",
  "P-384": "nistp384",
  "P-521": "nistp521",
};

function ellipticBlob(jwk: JsonWebKey) {
  const curve = CURVES[jwk.crv ?? ""];
  if (curve === undefined) return undefined;
  const point = Buffer.concat([Buffer.of(4), bytes(jwk.x), bytes(jwk.y)]);
  return blob(`ecdsa-sha2-${curve}`, Buffer.from(curve), point);
}

function blob(kind: string, ...fields: readonly Buffer[]) {
  return { kind, blob: Buffer.concat([Buffer.from(kind), ...fields].map(withLength)) };
}

function bytes(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? "", "base64url");
}

function withLength(field: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(field.length);
  return Buffer.concat([length, field]);
}

/** A positive number: a leading zero keeps its first bit from being read as a sign. */
function mpint(number: Buffer): Buffer {
  return (number[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), number]) : number;
}

export interface SshPublic {
  /** `kind base64`, with a newline at the end as the tls provider gives it; empty if OpenSSH has no such key. */
  readonly openssh: string;
  /** Colon-separated; empty likewise. */
  readonly md5: string;
  /** `SHA256:…` without padding; empty likewise. */
  readonly sha256: string;
}

export function sshPublic(key: KeyObject): SshPublic {
  const encoded = publicBlob(key.type === "public" ? key : createPublicKey(key));
  if (encoded === undefined) return { openssh: "", md5: "", sha256: "" };
  return { openssh: `${encoded.kind} ${encoded.blob.toString("base64")}\n`, ...fingerprints(encoded.blob) };
}

/** Fingerprints of a line of OpenSSH's public key notation. */
export function sshFingerprints(line: string): { readonly md5: string; readonly sha256: string } {
  return fingerprints(Buffer.from(line.trim().split(/\s+/)[1] ?? "", "base64"));
}

function fingerprints(encoded: Buffer) {
  const md5 = createHash("md5").update(encoded).digest("hex").match(/../g) ?? [];
  const sha256 = createHash("sha256").update(encoded).digest("base64").replace(/=+$/, "");
  return { md5: md5.join(":"), sha256: `SHA256:${sha256}` };
}

/** Width of a line of PEM in OpenSSH's private key files. */
const LINE = /.{1,70}/g;

/** A private key in OpenSSH's own format if it is Ed25519 (which has no other that OpenSSH reads), else as it is in PEM. */
export function sshPrivate(key: KeyObject, pem: string): string {
  if (key.asymmetricKeyType !== "ed25519") return pem;
  const jwk = key.export({ format: "jwk" });
  const [seed, point] = [bytes(jwk.d), bytes(jwk.x)];
  const publicPart = blob("ssh-ed25519", point).blob;
  const check = randomBytes(4);
  const fields = [
    withLength(Buffer.from("ssh-ed25519")),
    withLength(point),
    withLength(Buffer.concat([seed, point])),
    withLength(Buffer.alloc(0)),
  ];
  const secret = padded(Buffer.concat([check, check, ...fields]));
  const none = withLength(Buffer.from("none"));
  const header = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    none,
    none,
    withLength(Buffer.alloc(0)),
    Buffer.of(0, 0, 0, 1),
  ]);
  const body = Buffer.concat([header, withLength(publicPart), withLength(secret)]).toString("base64");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${(body.match(LINE) ?? []).join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** Filled to a multiple of eight bytes with 1, 2, 3, … */
function padded(content: Buffer): Buffer {
  const missing = (8 - (content.length % 8)) % 8;
  return Buffer.concat([content, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}
