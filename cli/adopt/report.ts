/** What `labstead adopt` prints. */
import { findingText, type Finding } from "../../environment/findings";
import type { PlainMap } from "../../provider-protocol";
import { textTable } from "../../review/table";
import type { Assumption, Unplaced } from "./unplaced";

export interface AdoptionReport {
  readonly stack: string;
  /** `labstead:environment`. */
  readonly environment: PlainMap;
  /** Ids by key of the program. */
  readonly imports: Readonly<Record<string, string>>;
  /** Differences that stay as found, by key. */
  readonly kept: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the environment plans and the lab does not have. */
  readonly later: readonly string[];
  readonly unplaced: readonly Unplaced[];
  readonly assumptions: readonly Assumption[];
  /** Of the environment: to be corrected by hand before anything can be matched. */
  readonly errors: readonly Finding[];
  readonly unread: readonly { readonly service: string; readonly why: string }[];
}

/** Something could not be placed, and something could not be looked at: as of `labstead drift`. */
const UNPLACED_CODE = 2;
const UNSEEN_CODE = 3;

/** 0 everything has its place. */
export function adoptionCode({ unplaced, errors, unread }: AdoptionReport): number {
  if (unread.length > 0) return UNSEEN_CODE;
  return unplaced.length > 0 || errors.length > 0 ? UNPLACED_CODE : 0;
}

/** The report for people. */
export function adoptionText(report: AdoptionReport): string {
  const { stack, imports, kept, later, unplaced, assumptions, errors, unread } = report;
  const fields = Object.values(kept).reduce((sum, each) => sum + Object.keys(each).length, 0);
  const head = [
    `${stack}: ${count(imports)} things have a place, ${String(unplaced.length)} have none`,
    `  kept as found: ${String(fields)} fields of ${count(kept)} things`,
    `  planned, and not there yet: ${String(later.length)}`,
  ].join("\n");
  const tables = [
    ...(errors.length === 0
      ? []
      : [["To be corrected first", ...errors.map((each) => `  ${findingText(each)}`)].join("\n")]),
    ...(unread.length === 0
      ? []
      : [
          textTable(
            "Not looked at",
            ["service", "why"],
            unread.map(({ service, why }) => [service, why]),
          ),
        ]),
    ...(unplaced.length === 0
      ? []
      : [
          textTable(
            "Without a place",
            ["kind", "name", "why", "way on"],
            unplaced.map(({ kind, name, id, why, way }) => [kind, name === "" ? (id ?? "") : name, why, way]),
          ),
        ]),
    textTable(
      "Assumed, because it cannot be seen",
      ["setting", "value", "why"],
      assumptions.map(({ setting, assumed, why }) => [setting, assumed, why]),
    ),
  ];
  return [head, ...tables].map((part) => part.trimEnd()).join("\n\n");
}

function count(things: Readonly<Record<string, unknown>>): string {
  return String(Object.keys(things).length);
}
