/** The `tls` package of the built-in cloud: real keys and certificates, stored in the engine's state alone. */
import { reveal } from "../../provider-protocol";
import type { PackageHandler, PropertyMap } from "../../provider-protocol";
import type { OpenPackage } from "../open-package";
import type { Row } from "../table/row";
import { SelfContained } from "../table/self-contained";
import type { SelfContainedType } from "../table/self-contained";
import type { Shape } from "../table/shape";
import { isDue, makeCertRequest, makeLocallySignedCert, makeSelfSignedCert } from "./certificates";
import { makePrivateKey } from "./keys";

const VERSION = "5.6.1";

const SUBJECT: Shape = {
  "commonName?": "string",
  "country?": "string",
  "emailAddress?": "string",
  "locality?": "string",
  "organization?": "string",
  "organizationalUnit?": "string",
  "postalCode?": "string",
  "province?": "string",
  "serialNumber?": "string",
  "streetAddresses?": ["string"],
};

/** Inputs that change in place; every other one replaces. */
const IN_PLACE: ReadonlySet<string> = new Set(["earlyRenewalHours"]);

function row(
  inputs: Readonly<Record<string, Shape>>,
  outputs: readonly string[],
  secret: readonly string[] = [],
): Row {
  const names = Object.keys(inputs).map((name) => name.replace("?", ""));
  return { inputs, always: outputs, outputs, replaceOn: names.filter((name) => !IN_PLACE.has(name)), secret };
}

const CERT_OUTPUTS = ["certPem", "readyForRenewal", "validityEndTime", "validityStartTime"];
const PRIVATE = ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"];
const NAMES = {
  "dnsNames?": ["string"],
  "ipAddresses?": ["string"],
  "uris?": ["string"],
  "subject?": SUBJECT,
} as const;
const OWN_KEY = {
  "privateKeyPem?": "string",
  "privateKeyPemWo?": "string",
  "privateKeyPemWoVersion?": "number",
} as const;
const CERT = {
  allowedUses: ["string"],
  "earlyRenewalHours?": "number",
  "isCaCertificate?": "boolean",
  "maxPathLength?": "number",
  "setSubjectKeyId?": "boolean",
  validityPeriodHours: "number",
} as const;

export const TLS_TYPES: Readonly<Record<string, SelfContainedType>> = {
  "tls:index/privateKey:PrivateKey": {
    row: row(
      { algorithm: "string", "ecdsaCurve?": "string", "rsaBits?": "number" },
      [
        ...PRIVATE,
        "publicKeyPem",
        "publicKeyOpenssh",
        "publicKeyFingerprintMd5",
        "publicKeyFingerprintSha256",
      ],
      PRIVATE,
    ),
    make: makePrivateKey,
  },
  "tls:index/certRequest:CertRequest": {
    row: row({ ...NAMES, ...OWN_KEY }, ["certRequestPem", "keyAlgorithm"]),
    make: makeCertRequest,
  },
  "tls:index/selfSignedCert:SelfSignedCert": {
    row: row({ ...CERT, ...NAMES, ...OWN_KEY, "setAuthorityKeyId?": "boolean" }, [
      ...CERT_OUTPUTS,
      "keyAlgorithm",
    ]),
    make: makeSelfSignedCert,
    renewalProperty: renewalProperty,
  },
  "tls:index/locallySignedCert:LocallySignedCert": {
    row: row(
      {
        ...CERT,
        caCertPem: "string",
        "caPrivateKeyPem?": "string",
        "caPrivateKeyPemWo?": "string",
        "caPrivateKeyPemWoVersion?": "number",
        certRequestPem: "string",
      },
      [...CERT_OUTPUTS, "caKeyAlgorithm"],
    ),
    make: makeLocallySignedCert,
    renewalProperty: renewalProperty,
  },
};

/** A certificate is renewed when its renewal is due. */
function renewalProperty(state: PropertyMap): string | undefined {
  const { validityEndTime, earlyRenewalHours } = reveal(state);
  return isDue(validityEndTime, earlyRenewalHours) ? "readyForRenewal" : undefined;
}

export function openTls(): OpenPackage {
  const handlers = new Map(
    Object.entries(TLS_TYPES).map(([type, kind]) => [type, new SelfContained(type, kind)]),
  );
  const handler: PackageHandler = {
    name: "tls",
    version: VERSION,
    configure: () => Promise.resolve({ resource: (type) => handlers.get(type) }),
  };
  return { handler, close: () => undefined };
}
