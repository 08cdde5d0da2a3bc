/** Certificates and certificate requests, real X.509. */
import "reflect-metadata";

import { randomBytes } from "node:crypto";
import { isIP } from "node:net";

import * as x509 from "@peculiar/x509";

import type { PlainMap, PlainValue } from "../../provider-protocol";
import { text } from "../../provider-protocol/plain";
import type { Made } from "../../provider-protocol/store";
import { signerOf } from "./keys";
import { extendedUsages, keyUsages } from "./usages";

/** A `CertRequest` resource. */
export async function makeCertRequest(inputs: PlainMap): Promise<Made> {
  const signer = await signerOf(inputs, "privateKeyPem");
  const names = subjectAlternativeNames(inputs);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: distinguishedName(inputs["subject"]),
    keys: signer.keys,
    signingAlgorithm: signer.signingAlgorithm,
    ...(names === undefined ? {} : { extensions: [names] }),
  });
  return { id: serialNumber(), outputs: { certRequestPem: pem(request), keyAlgorithm: signer.algorithm } };
}

/** A `SelfSignedCert` resource. */
export async function makeSelfSignedCert(inputs: PlainMap): Promise<Made> {
  const signer = await signerOf(inputs, "privateKeyPem");
  const subject = distinguishedName(inputs["subject"]);
  const names = subjectAlternativeNames(inputs);
  const extensions = await common(inputs, signer.keys.publicKey);
  if (names !== undefined) extensions.push(names);
  if (inputs["setAuthorityKeyId"] === true)
    extensions.push(await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey));
  const validity = validityOf(inputs);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: subject,
    ...validity,
    publicKey: signer.keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signer.signingAlgorithm,
    extensions,
  });
  return made(certificate, validity, { keyAlgorithm: signer.algorithm });
}

/** A `LocallySignedCert` resource. */
export async function makeLocallySignedCert(inputs: PlainMap): Promise<Made> {
  const signer = await signerOf(inputs, "caPrivateKeyPem");
  const authority = new x509.X509Certificate(text(inputs, "caCertPem"));
  const request = new x509.Pkcs10CertificateRequest(text(inputs, "certRequestPem"));
  if (!(await request.verify()))
    throw new Error("certRequestPem: the request's signature does not fit its key");
  const extensions = await common(inputs, request.publicKey);
  const names = request.extensions.find(
    (extension) => extension instanceof x509.SubjectAlternativeNameExtension,
  );
  if (names !== undefined) extensions.push(names);
  const issuerKey = authority.getExtension(x509.SubjectKeyIdentifierExtension);
  if (issuerKey !== null) extensions.push(new x509.AuthorityKeyIdentifierExtension(issuerKey.keyId));
  const validity = validityOf(inputs);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: request.subjectName.toJSON(),
    issuer: authority.subjectName.toJSON(),
    ...validity,
    publicKey: request.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signer.signingAlgorithm,
    extensions,
  });
  return made(certificate, validity, { caKeyAlgorithm: signer.algorithm });
}

/** True once a certificate has expired, or will within its `earlyRenewalHours`. */
export function isDue(validityEndTime: unknown, earlyRenewalHours: unknown, now = Date.now()): boolean {
  if (typeof validityEndTime !== "string") return false;
  const early = typeof earlyRenewalHours === "number" ? earlyRenewalHours * MILLISECONDS_PER_HOUR : 0;
  return now >= Date.parse(validityEndTime) - early;
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const MILLISECONDS_PER_HOUR = 3_600_000;

function validityOf(inputs: PlainMap): Validity {
  // X.509 knows whole seconds only.
  const start = Math.floor(Date.now() / 1000) * 1000;
  return {
    notBefore: new Date(start),
    notAfter: new Date(start + Number(inputs["validityPeriodHours"]) * MILLISECONDS_PER_HOUR),
  };
}

function made(certificate: x509.X509Certificate, { notBefore, notAfter }: Validity, outputs: PlainMap): Made {
  return {
    id: BigInt(`0x${certificate.serialNumber}`).toString(),
    outputs: {
      ...outputs,
      certPem: pem(certificate),
      readyForRenewal: false,
      validityStartTime: notBefore.toISOString(),
      validityEndTime: notAfter.toISOString(),
    },
  };
}

function pem(data: { toString(format: "pem"): string }): string {
  return `${data.toString("pem").trim()}\n`;
}

/** 127 random bits: positive, and never twice. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString("hex");
}

/** Fields of every certificate of the provider: whether it is a CA, what its key is for, which key it is. */
async function common(inputs: PlainMap, publicKey: x509.PublicKeyType): Promise<x509.Extension[]> {
  const isCa = inputs["isCaCertificate"] === true;
  const length = inputs["maxPathLength"];
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(isCa, typeof length === "number" ? length : undefined, true),
  ];
  const [usages, extended] = [keyUsages(inputs["allowedUses"]), extendedUsages(inputs["allowedUses"])];
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- flags combined by | are a number
  if (usages > 0) extensions.push(new x509.KeyUsagesExtension(usages, true));
  if (extended.length > 0) extensions.push(new x509.ExtendedKeyUsageExtension([...extended]));
  if (isCa || inputs["setSubjectKeyId"] === true)
    extensions.push(await x509.SubjectKeyIdentifierExtension.create(publicKey));
  return extensions;
}

/** The parts of a subject in the order in which Go writes them, with their X.500 names. */
const SUBJECT_PARTS = [
  ["country", "C"],
  ["organization", "O"],
  ["organizationalUnit", "OU"],
  ["locality", "L"],
  ["province", "ST"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "CN"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "E"],
] as const;

function distinguishedName(subject: PlainValue | undefined): x509.JsonName {
  const parts =
    typeof subject === "object" && subject !== null && !Array.isArray(subject) ? (subject as PlainMap) : {};
  return SUBJECT_PARTS.flatMap(([property, name]) => {
    const values = strings(parts[property]);
    return values.length === 0 ? [] : [{ [name]: [...values] }];
  });
}

function subjectAlternativeNames(inputs: PlainMap): x509.SubjectAlternativeNameExtension | undefined {
  const names: x509.JsonGeneralNames = [
    ...strings(inputs["dnsNames"]).map((value) => ({ type: "dns" as const, value })),
    ...strings(inputs["ipAddresses"]).map((value) => ({ type: "ip" as const, value: address(value) })),
    ...strings(inputs["uris"]).map((value) => ({ type: "url" as const, value })),
  ];
  return names.length === 0 ? undefined : new x509.SubjectAlternativeNameExtension(names);
}

function address(value: string): string {
  if (isIP(value) === 0) throw new Error(`ipAddresses: "${value}" is no IP address`);
  return value;
}

function strings(value: PlainValue | undefined): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
