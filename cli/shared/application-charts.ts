/** Which charts are of applications, and which of components of the cluster. */
import { CATALOG } from "../../catalog";

const APPLICATIONS = new Set<string>(
  CATALOG.parts.flatMap((part) => (part.configuration?.section === "apps" ? [part.key] : [])),
);

/** @param chart its id: the key of its part, with more behind a slash for a part of several charts */
export function isApplicationChart(chart: string): boolean {
  return APPLICATIONS.has(chart.split("/")[0] ?? "");
}
