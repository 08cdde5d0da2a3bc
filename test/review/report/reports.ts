/** Reports of the repository's environments, for tests. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { partsOf } from "../../../cli/report/stack-report";
import { settingLines } from "../../../environment/yaml-lines";
import { lab, type Lab } from "../../../lab";
import { environmentReport } from "../../../review/report/report";
import type { Report, SectionId, Thing } from "../../../review/report/types";
import { ROOT } from "../../cli/command";
import { changed, configOf, ownerOf, stackBase, type Changes } from "../../environment/configs";
import { readEnvironment } from "../../environments";

const reports = new Map<string, Report>();

/** @param file below the repository; composed once for each test file */
export function reportOf(file: string): Report {
  const report = reports.get(file) ?? composedReport(file);
  reports.set(file, report);
  return report;
}

function composedReport(file: string): Report {
  const path = join(ROOT, file);
  const source = { file: basename(path), lines: settingLines(readFileSync(path, "utf8")) };
  const composed = lab(readEnvironment(path));
  return environmentReport({ lab: composed, source, partOf: partsOf(composed) });
}

/** prod with changes, which are in no file. */
export function prodReport(changes: Changes): Report {
  return withoutFile(lab({ config: configOf("prod", changed(stackBase("prod"), changes)) }));
}

export function tenantReport(changes: Changes): Report {
  const owner = ownerOf("prod", stackBase("prod"));
  return withoutFile(lab({ config: configOf("test", changed(stackBase("test"), changes)), owner }));
}

function withoutFile(composed: Lab): Report {
  return environmentReport({ lab: composed, partOf: partsOf(composed) });
}

export function thingsOf({ sections }: Report, section: SectionId): readonly Thing[] {
  return sections.find(({ id }) => id === section)?.things ?? [];
}

/** @throws Error if there is none */
export function thingOf(report: Report, id: string): Thing {
  const thing = report.sections.flatMap(({ things }) => things).find((each) => each.id === id);
  if (thing === undefined) throw new Error(`no ${id} in the report`);
  return thing;
}
