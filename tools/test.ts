/**
 * `node --import tsx tools/test.ts [--begin-within <minutes>] <part>…`: runs the named parts one after the other,
 * whatever the ones before said, and closes with the time of each part and of the slowest files, every failure and one
 * line over all of them, `N passed, N failed`. A part that cannot run on this machine is left out, and says why. `beside` begins a second row of parts: both rows run
 * at the same time, and the first one, which should not depend on the clock, gives way to the second.
 *
 * With `--begin-within`, test files of slow suites that are not begun by then are left out and told at the end: for a
 * place that ends what takes too long, results and all. One that the acceptance of an issue names is a failure then
 * (`tools/acceptance-files.ts`).
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
    options: { "begin-within": { type: "string" } },
  });
  const rows = rowsOf(positionals);
  const beginUntil = Date.now() + minutes(values["begin-within"]) * MINUTE;
  const alone = rows.length === 1;
  const results = await Promise.all(
    rows.map((parts, place) => runRow(parts, { alone, nice: place < rows.length - 1, beginUntil })),
  );
  const total = results.reduce(sumResults, NO_TESTS);
  console.log(`\n${durationTables(total.parts, total.files)}\n${closing(total)}`);
  process.exitCode = total.failures.length === 0 ? 0 : 1;
}

/** Without a number there is no end. */
function minutes(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--begin-within ${text}: give whole minutes, as --begin-within 40`);
}

function rowsOf(words: readonly string[]): readonly (readonly Part[])[] {
  const at = words.indexOf(BESIDE);
  const rows = at < 0 ? [words] : [words.slice(0, at), words.slice(at + 1)];
  return rows.map((row) =>
    row.map((word) => {
      if (isPart(word)) return word;
      throw new Error(
        `${word} is no part of the tests; parts: ${PARTS.join(", ")}; ${BESIDE} once between them`,
      );
    }),
  );
}

/** What runs beside others says with each line whose it is. */
async function runRow(
  parts: readonly Part[],
  { alone, ...running }: Running & { readonly alone: boolean },
): Promise<Results> {
  let total = NO_TESTS;
  for (const part of parts) {
    console.log(`\n${part}`);
    const say = (line: string): void => console.log(`${part} | ${line}`);
    const results = await runPart(part, alone ? running : { ...running, say });
    if (!alone) say(countsLine(results));
    total = sumResults(total, results);
  }
  return total;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
