/**
 * SSH public keys, decoded: sshd ignores a line whose body is not the key that its type says, so that its owner is shut
 * out without a message.
 */
import { z } from "zod";

const ED25519 = { bytes: 32 } as const;
/** sshd refuses shorter ones (`RequiredRSASize`). */
const RSA_BITS = 1024;
/** An uncompressed point: a byte 4 and two coordinates (RFC 5656, section 3.1). */
const CURVES: Readonly<Record<string, number>> = { nistp256: 32, nistp384: 48, nistp521: 66 };

const LINE =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]{1,4096}={0,2}( [ -~\u00a0-\u2027\u202a-\uffff]{0,255})?$/;
const FIX = "paste the line of your .pub file, such as ssh-ed25519 AAAA… name";

/** A line of an `authorized_keys` file without options: type, body in base64, comment. */
export const sshPublicKey = z
  .string()
  .regex(LINE, { error: `is not an SSH public key; ${FIX}`, abort: true })
  .refine((line) => faultOf(line) === undefined, {
    error: ({ input }) => `${faultOf(String(input)) ?? "is not an SSH public key"}; ${FIX}`,
  });

/** Type and body of a key: the same for one key, whatever its comment is. */
export function keyIdentity(line: string): string {
  return line.split(" ").slice(0, 2).join(" ");
}

/** What is wrong with a line of the right form; undefined for a key. */
function faultOf(line: string): string | undefined {
  const [type = "", body = ""] = line.split(" ");
  const bytes = Buffer.from(body, "base64");
  const fields = bytes.toString("base64") === body ? fieldsOf(bytes) : undefined;
  if (fields === undefined) return "is cut off or changed: its body is no key";
  const [name, ...values] = fields;
  const inside = name?.toString("latin1") ?? "";
  if (inside !== type) return `has a body of another type than ${type}`;
  return keyFault(type, values);
}

/** The fields of a body, each with its length before it (RFC 4253, section 6.6); undefined where they do not add up. */
function fieldsOf(bytes: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function keyFault(type: string, fields: readonly Buffer[]): string | undefined {
  const [first, second] = fields;
  const broken = `is cut off or changed: its body is no ${type} key`;
  switch (type) {
    case "ssh-ed25519":
      return fields.length === 1 && first?.length === ED25519.bytes ? undefined : broken;
    case "sk-ssh-ed25519@openssh.com":
      return fields.length === 2 && first?.length === ED25519.bytes ? undefined : broken;
    case "ssh-rsa":
      return fields.length === 2 && second !== undefined ? rsaFault(second) : broken;
    default: {
      const curve = type.slice("ecdsa-sha2-".length);
      const point = 1 + 2 * (CURVES[curve] ?? 0);
      const fits = fields.length === 2 && first?.toString("latin1") === curve;
      return fits && second?.length === point && second[0] === 4 ? undefined : broken;
    }
  }
}

function rsaFault(modulus: Buffer): string | undefined {
  const bits = modulus.length === 0 ? 0 : BigInt(`0x${modulus.toString("hex")}`).toString(2).length;
  return bits >= RSA_BITS
    ? undefined
    : `is an RSA key of ${String(bits)} bits, and sshd takes none below ${String(RSA_BITS)}`;
}
