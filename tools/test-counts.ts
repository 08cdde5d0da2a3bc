/** Counts of tests over several runs of Jest. */
import { z } from "zod";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export const NO_TESTS: Counts = { passed: 0, failed: 0 };

const jestResults = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/**
 * The counts of one run, from its JSON results and its exit code. A test file that could not be loaded counts as one
 * failure, and so does a run that failed without naming a test: it must not pass as green.
 */
export function countTests(json: string | undefined, exitCode: number): Counts {
  if (json === undefined) return { passed: 0, failed: 1 };
  const results = jestResults.parse(JSON.parse(json));
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return { passed: results.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

export function sumCounts(one: Counts, other: Counts): Counts {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

export function closingLine({ passed, failed }: Counts): string {
  return `${String(passed)} passed, ${String(failed)} failed`;
}
