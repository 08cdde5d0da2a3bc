/** `labstead report`: everything of an environment as one HTML file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../catalog";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { reportPage } from "../../review/report/page/page";
import type { Report } from "../../review/report/types";
import { affecting } from "../preview/affected";
import { checkOutBase, compareWith } from "../preview/repository";
import { composerIn, INSTALLED, readSide } from "../preview/side";
import { UserError } from "../shared/failure";
import { writeReport } from "../shared/report-file";
import { comparedReport, type ReportSide } from "./compared";
import { stackReport } from "./stack-report";

export interface ReportOptions {
  readonly file?: string;
  readonly out?: string;
  readonly against?: string;
}

/** @throws UserError for --against with --file: a comparison is of stacks, whose files both sides have */
export function runReport(stack: string, { file, out, against }: ReportOptions): void {
  if (file !== undefined && against !== undefined)
    throw new UserError(
      "--against compares a stack's own file with the one of the reference; leave --file out",
    );
  const path = file ?? stackFile(process.cwd(), stack);
  const head = { lab: lab(environments.read(path)), file: path };
  const report = against === undefined ? stackReport(head.lab, path) : reportAgainst(against, stack, head);
  const target = out ?? join("out", `${report.environment}.html`);
  writeReport(target, reportPage(report));
  console.log(`open it in a browser: ${target}`);
}

function reportAgainst(against: string, stack: string, head: ReportSide): Report {
  const folder = mkdtempSync(join(tmpdir(), "labstead-report-"));
  try {
    const repository = compareWith(against, process.cwd());
    const baseFolder = checkOutBase(repository, folder);
    const composer = affecting(repository.changed).program ? composerIn(baseFolder) : INSTALLED;
    const base = readSide(baseFolder, stack, composer)?.lab;
    const before = base === undefined ? undefined : { lab: base, file: stackFile(baseFolder, stack) };
    return comparedReport(head, before, { against });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
