/** The results of a run as a table for people, and as JSON for programs. */
import { printable } from "../../environment/printable";
import { textTable } from "../../review/table";
import type { CheckResult, Outcome } from "./verify";

export function resultsTable(environment: string, results: readonly CheckResult[]): string {
  const rows = results.map(({ id, proves, outcome }) => [outcome.kind, id, timeText(outcome), proves]);
  const table = textTable(
    `${environment}: what was verified`,
    ["result", "check", "s", "what it proves"],
    rows,
  );
  return [table, ...results.flatMap(({ id, outcome }) => detailOf(id, outcome)), ""].join("\n");
}

/** One object for each check, with the cause in a word. */
export function resultsJson(environment: string, results: readonly CheckResult[]): string {
  return JSON.stringify({ environment, passed: !hasFailed(results), checks: results }, undefined, 2);
}

export function hasFailed(results: readonly CheckResult[]): boolean {
  return results.some(({ outcome }) => outcome.kind === "failed");
}

function timeText(outcome: Outcome): string {
  return outcome.kind === "skipped" ? "" : String(outcome.seconds);
}

function detailOf(id: string, outcome: Outcome): readonly string[] {
  switch (outcome.kind) {
    case "passed":
      return [`  ${id}: ${printable(outcome.seen)}`];
    case "failed": {
      const { cause, explanation, fix } = outcome.reason;
      return [`  ${id} failed, by its ${cause}: ${printable(explanation)}; ${printable(fix)}`];
    }
    case "skipped":
      return [`  ${id} is skipped: ${outcome.why}`];
  }
}
