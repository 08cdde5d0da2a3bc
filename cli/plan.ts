import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readEnvironment, stackFile } from "../environment/stack-file";
import { lab } from "../lab";
import { planFiles } from "../review/plan-files";
import { findingsText } from "../review/plan-text";

/** Writes `out/<stack>/` anew and says what is in it. */
export function runPlan(stack: string, options: { readonly file?: string; readonly out: string }): void {
  const planned = lab(readEnvironment(options.file ?? stackFile(process.cwd(), stack)));
  const folder = join(options.out, planned.plan.environment);
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of planFiles(planned)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const { plan, infra, deploy } = planned;
  console.log(`${plan.environment}: ${String(plan.servers.length)} servers, ${String(infra.length)} OpenStack resources, ${String(deploy.objects.length)} Kubernetes objects`);
  if (planned.findings.length > 0) console.log(findingsText(planned.findings).trimEnd());
  console.log(`the whole plan: ${join(folder, "plan.txt")}`);
}
