/** The report of one stack, for `labstead report` and for previews. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { CATALOG } from "../../catalog";
import { settingLines } from "../../environment/yaml-lines";
import type { Lab } from "../../lab";
import type { PartName, ReportInput } from "../../review/report/context";
import { environmentReport } from "../../review/report/report";
import type { Report } from "../../review/report/types";
import { applicationCharts } from "../shared/application-charts";

/** @param file of the lab's configuration */
export function stackReport(lab: Lab, file: string): Report {
  return environmentReport({ lab, source: sourceOf(file), partOf: partsOf(lab) });
}

function sourceOf(file: string): NonNullable<ReportInput["source"]> {
  return { file: basename(file), lines: settingLines(readFileSync(file, "utf8")) };
}

const TITLES = new Map(CATALOG.parts.map(({ key, title }) => [key, title]));

/** The part of each chart. */
export function partsOf(lab: Lab): ReportInput["partOf"] {
  const isApplication = applicationCharts(lab);
  return (chart): PartName => {
    const key = lab.partOfChart.get(chart) ?? chart;
    return { key, title: TITLES.get(key) ?? key, isApplication: isApplication(chart) };
  };
}
