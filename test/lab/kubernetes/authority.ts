/** A certificate authority for one run of the tests. */
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

/** Subject of a client certificate, in Kubernetes' terms. */
export interface Subject {
  readonly user: string;
  readonly group?: string;
  /** Seconds until the certificate ends. @default a day's */
  readonly seconds?: number;
}

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_SECONDS = 86_400;

export class Authority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly certificate: x509.X509Certificate,
    /** PEM. */
    readonly key: string,
  ) {}

  static async create(name: string): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...lifetime(),
      name: `CN=${name}`,
      keys,
      signingAlgorithm: EC,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(keys, certificate, await privatePem(keys));
  }

  /** PEM. */
  get pem(): string {
    return this.certificate.toString("pem");
  }

  client({ user, group, seconds }: Subject): Promise<Credentials> {
    const name = [{ CN: [user] }, ...(group === undefined ? [] : [{ O: [group] }])];
    const usage = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]);
    return this.sign(name, [usage], seconds);
  }

  /** For these host names only: an address is no name of it. */
  server(hosts: readonly string[]): Promise<Credentials> {
    const names = hosts.map((value) => ({ type: "dns" as const, value }));
    return this.sign(
      [{ CN: [hosts[0] ?? "server"] }],
      [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names),
      ],
    );
  }

  private async sign(
    name: x509.JsonName,
    extensions: readonly x509.Extension[],
    seconds?: number,
  ): Promise<Credentials> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...lifetime(seconds),
      subject: name,
      issuer: this.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: EC,
      extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true), ...extensions],
    });
    return { certificate: certificate.toString("pem"), key: await privatePem(keys) };
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(EC, true, ["sign", "verify"]);
}

async function privatePem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}

function lifetime(seconds = DAY_SECONDS): { serialNumber: string; notBefore: Date; notAfter: Date } {
  const now = Date.now();
  // A serial number is positive: its first bit is not set.
  const serialNumber = `01${randomBytes(8).toString("hex")}`;
  return { serialNumber, notBefore: new Date(now - 60_000), notAfter: new Date(now + seconds * 1000) };
}
