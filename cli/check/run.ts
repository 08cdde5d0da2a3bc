import { environments } from "../../catalog";
import type { EnvironmentConfig } from "../../environment/config";
import { errorsOf, findingText, FindingsError, type Finding } from "../../environment/findings";
import { stackFile, stacksIn, unreadStackFiles, type EnvironmentPair } from "../../environment/stack-file";
import { printable } from "../../environment/printable";
import { sharedQuotaFindings, type QuotaShare } from "../../infra/quota";
import { lab } from "../../lab";
import { UserError } from "../shared/failure";

/** One stack: its findings, its configuration if the file could be read, its needs if it could be planned. */
interface Checked {
  readonly findings: readonly Finding[];
  readonly config?: EnvironmentConfig;
  readonly share?: QuotaShare;
}

/** Prints the findings of every stack, then those between them; all are checked before it fails. */
export function runCheck(stacks: readonly string[]): void {
  const directory = process.cwd();
  const names = stacks.length > 0 ? stacks : stacksIn(directory);
  const unread = stacks.length > 0 ? [] : unreadStackFiles(directory);
  if (names.length === 0 && unread.length === 0)
    throw new UserError("there is no Pulumi.<stack>.yaml here; run labstead in the project's folder");
  const checked = names.map((name) => ({ name, ...checkStack(stackFile(directory, name)) }));
  for (const { name, findings } of checked) printFindings(name, findings);
  // Shared resources are checked only if all stacks are.
  const across = stacks.length > 0 ? [] : findingsBetween(checked);
  if (across.length > 0) printFindings("between them", across);
  if (unread.length > 0) printFindings("files of no stack", unread);
  const all = [...checked.flatMap(({ findings }) => findings), ...across, ...unread];
  if (errorsOf(all).length > 0) process.exitCode = 1;
}

function findingsBetween(checked: readonly Checked[]): readonly Finding[] {
  return [
    ...environments.checkAcross(checked.flatMap(({ config }) => config ?? [])),
    ...sharedQuotaFindings(checked.flatMap(({ share }) => share ?? [])),
  ];
}

function checkStack(file: string): Checked {
  try {
    const environment = environments.read(file);
    return { config: environment.config, ...planned(environment) };
  } catch (error) {
    return { findings: findingsIn(error) };
  }
}

function planned(environment: EnvironmentPair): Pick<Checked, "findings" | "share"> {
  try {
    const { findings, plan, quota } = lab(environment);
    return { findings, share: { plan, report: quota } };
  } catch (error) {
    return { findings: findingsIn(error) };
  }
}

function findingsIn(error: unknown): readonly Finding[] {
  if (error instanceof FindingsError) return error.findings;
  throw error;
}

function printFindings(name: string, findings: readonly Finding[]): void {
  const errors = errorsOf(findings).length;
  const others = findings.length - errors;
  console.log(
    `${printable(name)}: ${errors === 0 ? "no errors" : counted(errors, "error")}, ${counted(others, "other finding")}`,
  );
  for (const each of findings) console.log(`  ${each.severity.padEnd(7)} ${findingText(each)} [${each.id}]`);
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}
