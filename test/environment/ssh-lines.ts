/** SSH public keys for the tests, right ones and wrong ones, made of their fields. */

/** Fields with their lengths before them, in base64 (RFC 4253, section 6.6). */
export function sshBody(...fields: readonly (string | Buffer)[]): string {
  const parts = fields.flatMap((field) => {
    const bytes = Buffer.from(field as Buffer);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(parts).toString("base64");
}

const bytes = (length: number, first = 1): Buffer => Buffer.alloc(length, first);
const EXPONENT = Buffer.from([1, 0, 1]);

export function ed25519Line(comment: string, fill = 1): string {
  return `ssh-ed25519 ${sshBody("ssh-ed25519", bytes(32, fill))} ${comment}`;
}

export function rsaLine(bits: number): string {
  const modulus = Buffer.concat([Buffer.from([0, 0x80]), bytes(bits / 8 - 1)]);
  return `ssh-rsa ${sshBody("ssh-rsa", EXPONENT, modulus)} rsa`;
}

export function ecdsaLine(curve: string, named = curve): string {
  const coordinate = { nistp256: 32, nistp384: 48, nistp521: 66 }[curve] ?? 0;
  const point = Buffer.concat([Buffer.from([4]), bytes(2 * coordinate)]);
  const type = `ecdsa-sha2-${named}`;
  return `${type} ${sshBody(type, curve, point)} ecdsa`;
}

export function securityKeyLine(): string {
  const type = "sk-ssh-ed25519@openssh.com";
  return `${type} ${sshBody(type, bytes(32), "ssh:")} token`;
}
