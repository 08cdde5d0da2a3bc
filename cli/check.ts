import { errorsOf, findingText, FindingsError, type Finding } from "../environment/findings";
import { readEnvironment, stackFile, stacksIn } from "../environment/stack-file";
import { lab } from "../lab";
import { UserError } from "./failure";

/** Prints the findings of every stack; all are looked at before it fails. */
export function runCheck(stacks: readonly string[]): void {
  const names = stacks.length > 0 ? stacks : stacksIn(process.cwd());
  if (names.length === 0)
    throw new UserError("there is no Pulumi.<stack>.yaml here; run labstead in the project's folder");
  const errors = names.flatMap((name) => {
    const findings = findingsOf(name);
    console.log(summary(name, findings));
    for (const each of findings)
      console.log(`  ${each.severity.padEnd(7)} ${findingText(each)} [${each.id}]`);
    return errorsOf(findings);
  });
  if (errors.length > 0) process.exitCode = 1;
}

function findingsOf(stack: string): readonly Finding[] {
  try {
    return lab(readEnvironment(stackFile(process.cwd(), stack))).findings;
  } catch (error) {
    if (error instanceof FindingsError) return error.findings;
    throw error;
  }
}

function summary(name: string, findings: readonly Finding[]): string {
  const errors = errorsOf(findings).length;
  return `${name}: ${errors === 0 ? "no errors" : `${String(errors)} error${errors === 1 ? "" : "s"}`}, ${String(findings.length - errors)} other finding${findings.length - errors === 1 ? "" : "s"}`;
}
