import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  isDue,
  makeCertRequest,
  makeLocallySignedCert,
  makeSelfSignedCert,
} from "../../../rehearsal/tls/certificates";
import { makePrivateKey } from "../../../rehearsal/tls/keys";
import type { PlainMap } from "../../../provider-protocol";
import { text } from "../../../provider-protocol/plain";

const CA_USES = ["digital_signature", "cert_signing", "crl_signing"];
const SERVER_USES = ["digital_signature", "key_encipherment", "server_auth", "client_auth"];

async function key(inputs: PlainMap): Promise<string> {
  return text((await makePrivateKey(inputs)).outputs, "privateKeyPem");
}

describe.each<[string, PlainMap]>([
  ["RSA", { algorithm: "RSA" }],
  ["ECDSA on P256", { algorithm: "ECDSA", ecdsaCurve: "P256" }],
  ["ECDSA on P384", { algorithm: "ECDSA", ecdsaCurve: "P384" }],
  ["Ed25519", { algorithm: "ED25519" }],
])("a certificate authority with a key of %s", (_kind, keyInputs) => {
  test("signs certificates that Node and OpenSSL verify", async () => {
    const [caKey, ownKey] = [await key(keyInputs), await key(keyInputs)];
    const ca = await makeSelfSignedCert({
      privateKeyPem: caKey,
      allowedUses: CA_USES,
      isCaCertificate: true,
      validityPeriodHours: 87_600,
      subject: { commonName: "kubernetes-ca", organization: "Lab" },
    });
    const request = await makeCertRequest({
      privateKeyPem: ownKey,
      subject: { commonName: "kube-apiserver", organization: "system:masters" },
      dnsNames: ["api.lab.internal", "localhost"],
      ipAddresses: ["192.168.3.10", "fd00::1"],
    });
    const made = await makeLocallySignedCert({
      caCertPem: text(ca.outputs, "certPem"),
      caPrivateKeyPem: caKey,
      certRequestPem: text(request.outputs, "certRequestPem"),
      allowedUses: SERVER_USES,
      validityPeriodHours: 24,
    });
    const [authority, certificate] = [
      new X509Certificate(text(ca.outputs, "certPem")),
      new X509Certificate(text(made.outputs, "certPem")),
    ];
    expect(authority.ca).toBe(true);
    expect(authority.subject).toBe("O=Lab\nCN=kubernetes-ca");
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.subject).toBe("O=system:masters\nCN=kube-apiserver");
    expect(certificate.checkIssued(authority) && certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(ownKey))).toBe(true);
    expect(certificate.checkHost("api.lab.internal")).toBe("api.lab.internal");
    expect(certificate.checkIP("192.168.3.10")).toBe("192.168.3.10");
    expect(certificate.checkIP("fd00::1")).toBe("fd00::1");
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(24 * 3_600_000);
    if (hasTool("openssl", "version")) {
      expect(openSslVerify(text(ca.outputs, "certPem"), text(made.outputs, "certPem"))).toContain("OK");
    }
  });
});

/** Other people's tools check more than Node does, where they are installed. */
function hasTool(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).error === undefined;
}

function openSslVerify(ca: string, certificate: string): string {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  try {
    writeFileSync(join(folder, "ca.pem"), ca);
    writeFileSync(join(folder, "cert.pem"), certificate);
    const args = [
      "verify",
      "-x509_strict",
      "-purpose",
      "sslserver",
      "-CAfile",
      join(folder, "ca.pem"),
      join(folder, "cert.pem"),
    ];
    return execFileSync("openssl", args, { encoding: "utf8" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const testSsh = hasTool("ssh-keygen", "-?") ? test : test.skip;

testSsh(
  "private keys in OpenSSH's notation are read by ssh-keygen, with the fingerprint calculated here",
  async () => {
    for (const inputs of [
      { algorithm: "ED25519" },
      { algorithm: "RSA" },
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
    ]) {
      const { outputs } = await makePrivateKey(inputs);
      const folder = mkdtempSync(join(tmpdir(), "ssh-"));
      try {
        const file = join(folder, "key");
        writeFileSync(file, text(outputs, "privateKeyOpenssh"), { mode: 0o600 });
        const derived = execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });
        expect(derived.trim().split(" ").slice(0, 2).join(" ")).toBe(
          text(outputs, "publicKeyOpenssh").trim(),
        );
        const reported = execFileSync("ssh-keygen", ["-l", "-f", file], { encoding: "utf8" });
        expect(reported).toContain(text(outputs, "publicKeyFingerprintSha256"));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  },
);

test("a key that cannot be read is an error that does not quote it", async () => {
  const made = makeCertRequest({
    privateKeyPem: "-----BEGIN PRIVATE KEY-----\nc3dvcmRmaXNo\n-----END PRIVATE KEY-----",
  });
  await expect(made).rejects.toThrow(/^privateKeyPem: no private key in PEM$/);
});

test("unknown words are named", async () => {
  const privateKeyPem = await key({ algorithm: "ED25519" });
  const cert = makeSelfSignedCert({ privateKeyPem, allowedUses: ["server_atuh"], validityPeriodHours: 1 });
  await expect(cert).rejects.toThrow('allowedUses: "server_atuh" is none of digital_signature');
  await expect(makePrivateKey({ algorithm: "DSA" })).rejects.toThrow(
    'algorithm: "DSA" is none of RSA, ECDSA, ED25519',
  );
});

test("a certificate is due within its hours of early renewal", () => {
  const end = "2030-01-02T00:00:00.000Z";
  expect(isDue(end, undefined, Date.parse("2030-01-01T23:59:59Z"))).toBe(false);
  expect(isDue(end, undefined, Date.parse(end))).toBe(true);
  expect(isDue(end, 24, Date.parse("2030-01-01T00:00:00Z"))).toBe(true);
  expect(isDue(undefined, 24)).toBe(false);
});
