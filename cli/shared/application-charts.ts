/** Which charts are of applications, and which of components of the cluster. */
import { CATALOG } from "../../catalog";
import type { Lab } from "../../lab";

const APPLICATIONS = new Set<string>(
  CATALOG.parts.flatMap((part) => (part.configuration?.section === "apps" ? [part.key] : [])),
);

/**
 * Of one lab: whether a chart is of an application, by the chart's id.
 * @param lab the base of a preview may be from before labs had parts of charts: then a chart named as its part is known
 */
export function applicationCharts({
  partOfChart,
}: Partial<Pick<Lab, "partOfChart">>): (chart: string) => boolean {
  return (chart) => APPLICATIONS.has(partOfChart?.get(chart) ?? chart);
}
