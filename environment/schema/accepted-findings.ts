/** Warnings and notes that somebody has looked at: each with the reason why it stays. */
import { z } from "zod";
import { FINDINGS, type FindingId } from "../findings";
import { line } from "./texts";

const acceptedFinding = z.strictObject({
  finding: z
    .enum(Object.keys(FINDINGS) as FindingId[])
    .refine(
      (id) => FINDINGS[id].severity !== "error",
      "is an error, which up stops at whatever is accepted; correct what it names",
    )
    .describe(
      "The id of a warning or a note, which stands in brackets behind it; labstead check --explain lists them.",
    ),
  path: line("the path that the finding names, or its beginning")
    .optional()
    .describe("Where it is found: servers.gateway also means servers.gateway.min. Default: everywhere."),
  reason: line("why it may stay", 500).describe("For the next reader of the file; reports repeat it."),
});

export const acceptedFindings = z.array(acceptedFinding);

export type AcceptedFindingsConfig = z.output<typeof acceptedFindings>;
