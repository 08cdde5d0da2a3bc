/** Where servers that are no cluster nodes send their logs; the cluster's nodes have theirs collected in the cluster. */
import { z } from "zod";
import { authorities } from "./certificates";
import { hostName, port } from "./primitives";

/** The port of syslog over TLS (RFC 5425). */
const SYSLOG_TLS_PORT = 6514;

export const logs = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }).describe("They stay in each server's journal."),
  z
    .strictObject({
      kind: z.literal("syslog"),
      host: hostName.describe("The collector, by the name in its certificate."),
      port: port.default(SYSLOG_TLS_PORT),
      authority: authorities
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
