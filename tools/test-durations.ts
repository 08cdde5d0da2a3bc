/** How long the parts of the tests and their files took, as tables. */

export interface Duration {
  /** A part, or a part and the path of one of its files. */
  readonly name: string;
  readonly milliseconds: number;
}

/** Of the test files only so many are shown: the slowest. */
const SLOWEST = 10;

/** Every part and the slowest files, each list with the longest first; empty without any. */
export function durationTables(parts: readonly Duration[], files: readonly Duration[]): string {
  const slowest = longestFirst(files).slice(0, SLOWEST);
  return [...table("part of the tests", longestFirst(parts)), ...table("slowest test files", slowest)].join(
    "\n",
  );
}

function longestFirst(durations: readonly Duration[]): readonly Duration[] {
  return [...durations].sort((one, other) => other.milliseconds - one.milliseconds);
}

function table(title: string, rows: readonly Duration[]): readonly string[] {
  if (rows.length === 0) return [];
  const cells = [["time", title], ...rows.map((row) => [clock(row.milliseconds), row.name])];
  const width = Math.max(...cells.map(([time = ""]) => time.length));
  return [...cells.map(([time = "", name = ""]) => `${time.padStart(width)}  ${name}`), ""];
}

/** `2:05.3`: minutes, seconds and their tenths. */
function clock(milliseconds: number): string {
  const tenths = Math.round(milliseconds / 100);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return `${String(Math.floor(tenths / 600))}:${seconds}`;
}
