/** Certificates of authorities, pasted in PEM. */
import { X509Certificate } from "node:crypto";
import { z } from "zod";

/** Nothing but certificates: what stands around them would be read by other programs. */
const PEM =
  /^(?=[^]{1,65536}$)(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*)+$/;

function isCertificate(text: string): boolean {
  if (!PEM.test(text)) return false;
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}

/** One or more certificates. */
export const authorities = z
  .string()
  .refine(isCertificate, "is not a certificate; paste it in PEM, from BEGIN to END");
