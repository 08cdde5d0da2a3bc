/** What became of tests, over several runs of Jest. */
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { SET_UP_FAILED } from "./set-up-failure";
import type { Duration } from "./test-durations";

export interface Results {
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Failures of files that passed when they were run again: they count as passed, and are listed. */
  readonly unstable: readonly Failure[];
  /** Files of which no test was run, and suites with the reason. */
  readonly leftOut: readonly string[];
  /** How long the parts took. */
  readonly parts: readonly Duration[];
  /** How long the test files took, all their runs together. */
  readonly files: readonly Duration[];
}

export interface Failure {
  /** Which test, of which file and part. */
  readonly test: string;
  /** Why, over several lines; empty where the output has it. */
  readonly message: string;
  /** What no second run excuses. @default none */
  readonly lasting?: Lasting;
}

/**
 * A second run finds another machine than the first one: what a set-up installed or left behind is there by then. So a
 * failure of one of these counts, whatever a second run would say.
 */
type Lasting = "set-up" | "program" | "load" | "acceptance";

const LASTING: Readonly<Record<Lasting, string>> = {
  "set-up": "its set-up failed",
  program: "a program is missing",
  load: "it could not be loaded",
  acceptance: "an acceptance names it, and it was left out",
};

/**
 * As Node, util-linux, coreutils and shells say that there is no such program. One in a temporary folder is a test's own: its
 * clean-up has removed it while something still ran.
 */
const NO_PROGRAM =
  /\bspawn(Sync)? (?!\/tmp\/)\S+ ENOENT\b|failed to (execute|run command) .*No such file|\b(env|nice|xargs): [‘'][^‘’']+[’']: No such file|^(\S*\/)?(ba|da)?sh: (line )?\d+: .*: (command )?not found$/m;

/** Results of one test file in one run of Jest. */
export interface FileResults {
  /** Its path; none for a failure of Jest itself. */
  readonly path?: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Part and path, where it has tests and none of them was run. */
  readonly leftOut?: string;
  /** None for a failure of Jest itself. */
  readonly duration?: Duration;
}

export const NO_TESTS: Results = {
  passed: 0,
  failures: [],
  unstable: [],
  leftOut: [],
  parts: [],
  files: [],
};

/** Lines of a failure that are shown at the end; a comparison of two objects can be of any length. */
const LINES = 30;

const jestResults = z.object({
  testResults: z.array(
    z.object({
      /** The file's path. */
      name: z.string(),
      status: z.string(),
      message: z.string(),
      /** Milliseconds since 1970. */
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});
type JestFile = z.infer<typeof jestResults>["testResults"][number];

/** One run of Jest, by the part it runs, its JSON results, its exit code and the folder that paths are relative to. */
export interface JestRun {
  readonly part: string;
  readonly json: string | undefined;
  readonly exitCode: number;
  readonly root: string;
  /** Whether the file at a path from that folder has failed when none of its tests was run. @default none has */
  readonly isRequired?: (path: string) => boolean;
}

/**
 * Results of one run, by file. A file that could not be loaded is one failure, and so is a run that failed without naming
 * a test: it must not pass as green.
 */
export function readRun({
  part,
  json,
  exitCode,
  root,
  isRequired = () => false,
}: JestRun): readonly FileResults[] {
  if (json === undefined) return [failureOfJest(`${part}: Jest left no results`)];
  const files = jestResults.parse(JSON.parse(json)).testResults.map((file) => {
    const path = relative(root, file.name);
    const results = resultsOfFile(file, `${part}: ${path}`);
    return isRequired(path) ? failIfLeftOut(results) : results;
  });
  const isSilent = exitCode !== 0 && files.every(({ failures }) => failures.length === 0);
  const silent = failureOfJest(`${part}: no test failed, but Jest ended with ${String(exitCode)}`);
  return isSilent ? [...files, silent] : files;
}

function failureOfJest(test: string): FileResults {
  return { passed: 0, failures: [{ test, message: "" }] };
}

function failIfLeftOut(file: FileResults): FileResults {
  return file.leftOut === undefined ? file : { ...file, failures: [requiredFailure(file.leftOut)] };
}

/** Of a test that an acceptance names and that was left out. */
export function requiredFailure(test: string): Failure {
  return { test, message: "", lasting: "acceptance" };
}

function resultsOfFile(file: JestFile, title: string): FileResults {
  const { name, status, message, assertionResults, startTime, endTime } = file;
  const failed = assertionResults.filter((test) => test.status === "failed");
  const failures = failed.map(({ fullName, failureMessages }) =>
    failureOf(`${title}: ${fullName}`, failureMessages),
  );
  const passed = assertionResults.filter((test) => test.status === "passed").length;
  // Without any test it was not loaded; else what failed came after its tests.
  const failureOfFile = {
    ...failureOf(title, [message]),
    ...(assertionResults.length === 0 ? { lasting: "load" as const } : {}),
  };
  const isLeftOut = assertionResults.length > 0 && passed + failed.length === 0;
  return {
    path: name,
    passed,
    failures: status === "failed" && failed.length === 0 ? [failureOfFile] : failures,
    ...(isLeftOut ? { leftOut: title } : {}),
    duration: { name: title, milliseconds: endTime - startTime },
  };
}

function failureOf(test: string, messages: readonly string[]): Failure {
  const own = messages.filter((message) => message !== SET_UP_FAILED);
  const message = own.join("\n");
  if (own.length < messages.length) return { test, message, lasting: "set-up" };
  return NO_PROGRAM.test(stripVTControlCharacters(message))
    ? { test, message, lasting: "program" }
    : { test, message };
}

/** The paths of the files that failed, and may have failed because the machine was late. */
export function filesToRunAgain(files: readonly FileResults[]): readonly string[] {
  return files.flatMap((file) =>
    file.path === undefined || file.failures.length === 0 || isLasting(file) ? [] : [file.path],
  );
}

function isLasting({ failures }: FileResults): boolean {
  return failures.some(({ lasting }) => lasting !== undefined);
}

/**
 * The results of a run, where some of its files may have been run again: then the second time counts, but for what no
 * second run excuses.
 */
export function resultsOf(files: readonly FileResults[], again: readonly FileResults[] = []): Results {
  const ofJest = again.filter(({ path }) => path === undefined);
  return [...files, ...ofJest]
    .map((first) => {
      const second = isLasting(first) ? undefined : again.find(({ path }) => path === first.path);
      const { passed, failures, leftOut } = second ?? first;
      return {
        passed,
        failures,
        unstable: failures.length === 0 ? first.failures : [],
        leftOut: leftOut === undefined ? [] : [leftOut],
        parts: [],
        files: durationsOf(first, second),
      };
    })
    .reduce(sumResults, NO_TESTS);
}

/** How long a file took, one run or two. */
function durationsOf({ duration }: FileResults, second?: FileResults): readonly Duration[] {
  if (duration === undefined) return [];
  const more = second?.duration?.milliseconds ?? 0;
  return [{ ...duration, milliseconds: duration.milliseconds + more }];
}

/** The results of something that is no run of Jest and failed, with what it printed. */
export function checkFailed(test: string, message: string): Results {
  return { ...NO_TESTS, failures: [{ test, message }] };
}

/** The results of a check that failed and was run again: the second run counts, and the first failure is listed. */
export function ofTwoRuns(first: Results, second: Results): Results {
  return second.failures.length === 0 ? { ...second, unstable: first.failures } : second;
}

export function sumResults(one: Results, other: Results): Results {
  return {
    passed: one.passed + other.passed,
    failures: [...one.failures, ...other.failures],
    unstable: [...one.unstable, ...other.unstable],
    leftOut: [...one.leftOut, ...other.leftOut],
    parts: [...one.parts, ...other.parts],
    files: [...one.files, ...other.files],
  };
}

/** What was left out, every failure again, because much may have been printed since, and the counts as the last line. */
export function closing(results: Results): string {
  return [
    ...results.leftOut.map((file) => `left out: ${file}`),
    ...results.unstable.map((failure) => showFailure("passed only when it was run again", failure)),
    ...results.failures.map((failure) => showFailure(failedHow(failure), failure)),
    countsLine(results),
  ].join("\n");
}

export function countsLine({ passed, failures }: Results): string {
  return `${String(passed)} passed, ${String(failures.length)} failed`;
}

function failedHow({ lasting }: Failure): string {
  return lasting === undefined ? "failed" : `failed for good, ${LASTING[lasting]}`;
}

function showFailure(word: string, { test, message }: Failure): string {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.includes("/node_modules/"));
  const shown = lines.length > LINES ? [...lines.slice(0, LINES), "…"] : lines;
  return [`${word}: ${test}`, ...shown.map((line) => `    ${line}`), ""].join("\n");
}
