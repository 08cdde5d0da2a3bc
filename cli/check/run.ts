import { environments } from "../../catalog";
import { errorsOf, findingText, FindingsError, type Finding } from "../../environment/findings";
import { stackFile, stacksIn, unreadStackFiles, type EnvironmentPair } from "../../environment/stack-file";
import { printable } from "../../environment/printable";
import { lab } from "../../lab";
import type { AcceptedFinding } from "../../environment/findings/accepted";
import { UserError } from "../shared/failure";
import { cloudSession } from "../shared/cloud-session";
import { cloudFindings } from "./cloud";
import { readCloud } from "./cloud-facts";
import { findingsBetween, type CheckedEnvironment } from "./between";

/** One stack: its findings, its configuration if the file could be read, its lab if it could be planned. */
interface Checked extends CheckedEnvironment {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** Prints the findings of every stack, then those between them; all are checked before it fails. */
export async function runCheck(stacks: readonly string[], withCloud: boolean): Promise<void> {
  const directory = process.cwd();
  const names = stacks.length > 0 ? stacks : stacksIn(directory);
  const unread = stacks.length > 0 ? [] : unreadStackFiles(directory);
  if (names.length === 0 && unread.length === 0)
    throw new UserError("there is no Pulumi.<stack>.yaml here; run labstead in the project's folder");
  const checked = names.map((name) => ({ name, ...checkStack(stackFile(directory, name)) }));
  for (const { name, findings, lab: composed } of checked)
    printFindings(name, findings, composed?.accepted ?? []);
  // Shared resources are checked only if all stacks are.
  const across = stacks.length > 0 ? [] : findingsBetween(checked);
  if (across.length > 0) printFindings("between them", across);
  if (unread.length > 0) printFindings("files of no stack", unread);
  const live = withCloud ? await inCloud(checked) : [];
  for (const { name, findings } of live) printFindings(`${name} in the cloud`, findings);
  const all = [...[...checked, ...live].flatMap(({ findings }) => findings), ...across, ...unread];
  if (errorsOf(all).length > 0) process.exitCode = 1;
}

/** Of the stacks that could be planned; those on an existing cluster have nothing in OpenStack. */
async function inCloud(
  checked: readonly Checked[],
): Promise<readonly (Pick<Checked, "findings"> & { readonly name: string })[]> {
  const facts = await readCloud(cloudSession());
  return checked.flatMap(({ name, lab: composed }) =>
    composed === undefined || composed.infra.length === 0
      ? []
      : [{ name, findings: cloudFindings(composed, facts) }],
  );
}

function checkStack(file: string): Omit<Checked, "name"> {
  try {
    const pair = environments.read(file);
    return { pair, ...planned(pair) };
  } catch (error) {
    return { findings: findingsIn(error) };
  }
}

function planned(environment: EnvironmentPair): Pick<Checked, "findings" | "lab"> {
  try {
    const composed = lab(environment);
    return { findings: composed.findings, lab: composed };
  } catch (error) {
    return { findings: findingsIn(error) };
  }
}

function findingsIn(error: unknown): readonly Finding[] {
  if (error instanceof FindingsError) return error.findings;
  throw error;
}

function printFindings(
  name: string,
  findings: readonly Finding[],
  accepted: readonly AcceptedFinding[] = [],
): void {
  const errors = errorsOf(findings).length;
  const counts = [
    errors === 0 ? "no errors" : counted(errors, "error"),
    counted(findings.length - errors, "other finding"),
    ...(accepted.length === 0 ? [] : [`${String(accepted.length)} accepted`]),
  ];
  console.log(`${printable(name)}: ${counts.join(", ")}`);
  for (const each of findings) console.log(`  ${each.severity.padEnd(7)} ${findingText(each)} [${each.id}]`);
  for (const { finding, reason } of accepted)
    console.log(`  accepted ${findingText(finding)} [${finding.id}]: ${printable(reason)}`);
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}
