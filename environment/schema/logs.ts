/** Where servers that are no cluster nodes send their logs; the cluster's nodes have theirs collected in the cluster. */
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { hostName, port } from "./primitives";

/** The port of syslog over TLS (RFC 5425). */
const SYSLOG_TLS_PORT = 6514;

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

export const logs = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }).describe("They stay in each server's journal."),
  z
    .strictObject({
      kind: z.literal("syslog"),
      host: hostName.describe("The collector, by the name in its certificate."),
      port: port.default(SYSLOG_TLS_PORT),
      authority: z
        .string()
        .refine(isCertificate, "is not a certificate; paste it in PEM, from BEGIN to END")
        .optional()
        .describe(
          "The authority of the collector's certificate, in PEM. Default: the authorities of the image.",
        ),
      queue: z
        .int("is not a whole number; write MiB")
        .min(16, "is less than 16; write 16 MiB or more")
        .max(100_000, "is more than 100000; write MiB that every server's disk has")
        .default(1024)
        .describe("Size in MiB of the queue on each server's disk while the collector is unreachable."),
    })
    .describe("By rsyslog, over TCP and TLS (RFC 5424, 5425)."),
]);

export const NO_LOGS = { kind: "none" } as const;

export type LogsConfig = z.output<typeof logs>;
