/** `labstead cost`: what environments cost a month. */
import { environments } from "../../catalog";
import { stackFile, stacksIn } from "../../environment/stack-file";
import { lab } from "../../lab";
import { costReport, type CostReport } from "../../review/cost/cost";
import { costData } from "../../review/cost/data";
import { costTables, togetherTable } from "../../review/cost/text";
import { applicationCharts } from "../shared/application-charts";
import { UserError } from "../shared/failure";

export interface CostOptions {
  readonly file?: string;
  readonly json?: true;
}

/** @throws UserError without any stack */
export function runCost(stacks: readonly string[], { file, json }: CostOptions): void {
  const reports = filesOf(stacks, file).map(costOf);
  const text = json
    ? `${JSON.stringify(reports.map(costData), undefined, 2)}\n`
    : `${reports.map(costTables).join("\n")}${togetherTable(reports)}`;
  process.stdout.write(text);
}

function filesOf(stacks: readonly string[], file: string | undefined): readonly string[] {
  if (file !== undefined) return [file];
  const directory = process.cwd();
  const names = stacks.length > 0 ? stacks : stacksIn(directory);
  if (names.length === 0)
    throw new UserError("there is no Pulumi.<stack>.yaml here; run labstead in the project's folder");
  return names.map((name) => stackFile(directory, name));
}

function costOf(file: string): CostReport {
  const composed = lab(environments.read(file));
  return costReport(composed, applicationCharts(composed));
}
