/**
 * `node --import tsx tools/test.ts [--start-within <minutes>] <part>…`: runs the named parts one after the other,
 * whatever the results of the ones before, and ends with the time of each part and of the slowest files, every failure
 * and one line over all of them, `N passed, N failed`. A part that cannot run on this machine is left out, with the
 * reason. `beside` starts another row of parts: all rows run at the same time, and the first one, which should not depend
 * on the clock, has lower priority. Parts of services and machines mostly wait, so three rows use two cores well.
 *
 * With `--start-within`, test files of slow suites that are not started by then are left out and listed at the end: for
 * an environment with a time limit, which would otherwise end the run without results. A file that the acceptance of an
 * issue names is a failure then (`tools/acceptance-files.ts`).
 */
import { parseArgs } from "node:util";
import { isPart, PARTS, runPart, type Part, type Running } from "./test-parts";
import { durationTables } from "./test-durations";
import { closing, countsLine, NO_TESTS, type Results, sumResults } from "./test-results";

const BESIDE = "beside";

const MINUTE = 60_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { "start-within": { type: "string" } },
  });
  const rows = rowsOf(positionals);
  const startUntil = Date.now() + minutes(values["start-within"]) * MINUTE;
  const alone = rows.length === 1;
  const results = await Promise.all(
    rows.map((parts, place) => runRow(parts, { alone, nice: !alone && place === 0, startUntil })),
  );
  const total = results.reduce(sumResults, NO_TESTS);
  console.log(`\n${durationTables(total.parts, total.files)}\n${closing(total)}`);
  process.exitCode = total.failures.length === 0 ? 0 : 1;
}

/** Without a number there is no end. */
function minutes(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--start-within ${text}: give whole minutes, as --start-within 40`);
}

function rowsOf(words: readonly string[]): readonly (readonly Part[])[] {
  const rows: Part[][] = [[]];
  for (const word of words)
    if (word === BESIDE) rows.push([]);
    else rows.at(-1)?.push(partOf(word));
  return rows;
}

function partOf(word: string): Part {
  if (isPart(word)) return word;
  throw new Error(
    `${word} is no part of the tests; parts: ${PARTS.join(", ")}; ${BESIDE} between rows of them`,
  );
}

/** Lines of parts that run beside others are prefixed with the part. */
async function runRow(
  parts: readonly Part[],
  { alone, ...running }: Running & { readonly alone: boolean },
): Promise<Results> {
  let total = NO_TESTS;
  for (const part of parts) {
    console.log(`\n${part}`);
    const log = (line: string): void => console.log(`${part} | ${line}`);
    const results = await runPart(part, alone ? running : { ...running, log });
    if (!alone) log(countsLine(results));
    total = sumResults(total, results);
  }
  return total;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
