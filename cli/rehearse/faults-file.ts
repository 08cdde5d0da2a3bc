/** Failures on purpose, read from a file: to see or test what an operator sees when a cloud fails. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Faults } from "../../rehearsal/cloud";
import { UserError } from "../shared/failure";

const fault = z.strictObject({
  type: z.string(),
  name: z.string().exactOptional(),
  operation: z.enum(["create", "read", "update", "delete"]).exactOptional(),
  nth: z.int().positive().exactOptional(),
  when: z.enum(["before", "halfway", "lost", "stalled", "unanswered"]).exactOptional(),
  message: z.string().exactOptional(),
  markerFile: z.string().exactOptional(),
});

const faults = z.strictObject({
  faults: z.array(fault).exactOptional(),
  latencyMilliseconds: z.number().nonnegative().exactOptional(),
});

/** @throws UserError for a file that cannot be read, or holds something else */
export function readFaults(file: string): Faults {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`--faults ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = faults.safeParse(content);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new UserError([`--faults ${file} is not what rehearsal/faults.ts describes:`, ...issues].join("\n"));
}
