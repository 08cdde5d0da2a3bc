/** Injected failures, read from a file: to see or test what an operator sees when a cloud fails. */
import { z } from "zod";
import type { Faults } from "../../rehearsal/cloud";
import { readText } from "../../environment/text-file";
import { reasonOf, UserError } from "../shared/failure";

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

/** @throws UserError for a file that cannot be read, or has other content */
export function readFaults(file: string): Faults {
  const parsed = faults.safeParse(contentOf(file));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new UserError([`--faults ${file} is not what rehearsal/faults.ts describes:`, ...issues].join("\n"));
}

function contentOf(file: string): unknown {
  const read = readText(file, "name a file of faults");
  if (!read.ok) throw new UserError(`--faults ${file} ${read.explanation}; ${read.fix}`);
  try {
    return JSON.parse(read.text);
  } catch (error) {
    throw new UserError(`--faults ${file}: ${reasonOf(error)}`);
  }
}
