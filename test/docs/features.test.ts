/** `docs/features.md` names every row of the checklist and only tests that exist. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const text = readFileSync(join(ROOT, "docs/features.md"), "utf8");
const STATES = ["not yet", "rendered", "accepted", "run"];

/** Rows of the merged checklist of the five systems. */
const CHECKLIST_ROWS = 50;

interface Row {
  readonly feature: string;
  readonly state: string;
  readonly tests: readonly string[];
}

function rows(section: string): readonly Row[] {
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| Feature"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map((cells) => ({
      feature: cells[1] ?? "",
      state: (cells.at(-3) ?? "").split(":")[0] ?? "",
      tests: [...(cells.at(-2) ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""),
    }));
}

const [checklist = "", beyond = ""] = text.split("## What none of the five has");

test("the checklist is complete", () => {
  expect(rows(checklist)).toHaveLength(CHECKLIST_ROWS);
});

test.each(rows(checklist).concat(rows(beyond)))("$feature", ({ state, tests }) => {
  expect(STATES).toContain(state);
  expect(tests.length > 0).toBe(state !== "not yet");
  for (const file of tests)
    expect({ file, exists: existsSync(join(ROOT, file)) }).toEqual({ file, exists: true });
});
