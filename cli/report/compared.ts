/** Reports of both sides of a comparison. */
import type { Lab } from "../../lab";
import { withChanges, type Base } from "../../review/report/changes";
import type { Report } from "../../review/report/types";
import { stackReport } from "./stack-report";

/** One side of a comparison: its lab, and the file of its configuration. */
export interface ReportSide {
  readonly lab: Lab;
  readonly file: string;
}

/**
 * The report of the head with marks of what differs from the base.
 * @param base undefined for a new environment, or if the base has errors
 */
export function comparedReport(
  head: ReportSide,
  base: ReportSide | undefined,
  compared: Omit<Base, "report">,
): Report {
  const report = stackReport(head.lab, head.file);
  if (base === undefined) return withChanges(report, compared);
  // A base from before there were reports has other plans: then nothing is marked.
  if (!("partOfChart" in base.lab)) return report;
  return withChanges(report, { ...compared, report: stackReport(base.lab, base.file) });
}
