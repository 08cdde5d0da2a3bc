/** What a certificate's key may be used for: the provider's terms and X.509's. */
import { KeyUsageFlags } from "@peculiar/x509";

import type { PlainValue } from "../../provider-protocol";

const KEY_USAGES: Readonly<Record<string, number>> = {
  digital_signature: KeyUsageFlags.digitalSignature,
  content_commitment: KeyUsageFlags.nonRepudiation,
  key_encipherment: KeyUsageFlags.keyEncipherment,
  data_encipherment: KeyUsageFlags.dataEncipherment,
  key_agreement: KeyUsageFlags.keyAgreement,
  cert_signing: KeyUsageFlags.keyCertSign,
  crl_signing: KeyUsageFlags.cRLSign,
  encipher_only: KeyUsageFlags.encipherOnly,
  decipher_only: KeyUsageFlags.decipherOnly,
};

/** Object identifiers of RFC 5280, section 4.2.1.12. */
const EXTENDED_USAGES: Readonly<Record<string, string>> = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
};

/** The bits of the key usages among the terms; 0 if there is none. */
export function keyUsages(allowed: PlainValue | undefined): number {
  return words(allowed).reduce<number>((flags, word) => flags | (KEY_USAGES[word] ?? 0), 0);
}

/** The extended usages among the terms. */
export function extendedUsages(allowed: PlainValue | undefined): readonly string[] {
  return words(allowed).flatMap((word) => EXTENDED_USAGES[word] ?? []);
}

/** @throws for a word that is neither */
function words(allowed: PlainValue | undefined): readonly string[] {
  const given = Array.isArray(allowed) ? allowed.map(String) : [];
  const unknown = given.find((word) => KEY_USAGES[word] === undefined && EXTENDED_USAGES[word] === undefined);
  if (unknown !== undefined)
    throw new Error(
      `allowedUses: "${unknown}" is none of ${[...Object.keys(KEY_USAGES), ...Object.keys(EXTENDED_USAGES)].join(", ")}`,
    );
  return given;
}
