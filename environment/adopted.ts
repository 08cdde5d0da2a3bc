/**
 * `adopted.<stack>.json`: what a lab had before it became an environment, as `labstead adopt` writes it. It stands
 * beside the stack file, and everything that reads that one reads it too.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { finding, FindingsError } from "./findings";
import { readText } from "./text-file";

const keyed = <Value extends z.ZodType>(value: Value) => z.record(z.string().min(1), value);

const schema = z.strictObject({
  /** Ids in the cloud, by the resource's key in the program. */
  imports: keyed(z.string().min(1)),
  /** Inputs that stay as they were found, by key; null for one that is not set. */
  kept: keyed(keyed(z.json())).default({}),
  /** Keys of resources that the environment plans and the lab does not have: left out. */
  later: z.array(z.string().min(1)).default([]),
  /** Only the OpenStack resources are registered: nothing on the servers and nothing in the cluster. */
  infrastructureOnly: z.boolean().default(false),
});

/** An adopted lab: which resources it has, and how they differ from what its environment plans. */
export type Adopted = z.output<typeof schema>;

/** The file of a stack. */
export function adoptedFile(directory: string, stack: string): string {
  return join(directory, `adopted.${stack}.json`);
}

/** The adopted lab of a stack; undefined if it was not adopted. @throws FindingsError for a file that is not valid */
export function readAdopted(directory: string, stack: string): Adopted | undefined {
  const file = adoptedFile(directory, stack);
  if (!existsSync(file)) return undefined;
  const read = readText(file, "correct it, or write it again by labstead adopt");
  if (!read.ok) throw invalid(stack, file, read.explanation, read.fix);
  const parsed = schema.safeParse(json(read.text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join(".") || "content"}: ${message}`,
  );
  throw invalid(stack, file, problems.join("; "), "correct it, or write it again by labstead adopt");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(stack: string, file: string, explanation: string, fix: string): FindingsError {
  return new FindingsError(stack, [finding("config.invalid", basename(file), explanation, fix)]);
}
