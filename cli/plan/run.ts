import { join } from "node:path";
import { environments } from "../../catalog";
import { stackFile } from "../../environment/stack-file";
import { lab, type Lab } from "../../lab";
import { planFiles } from "../../review/plan-files";
import { findingsText } from "../../review/plan-text";
import { renewFolder } from "./plan-folder";

/** Plans a stack, writes the plan, and prints a summary. */
export function runPlan(stack: string, options: { readonly file?: string; readonly out: string }): void {
  const planned = lab(environments.read(options.file ?? stackFile(process.cwd(), stack)));
  const file = writePlan(planned, options.out);
  const { plan, infra, deploy } = planned;
  const counts = `${String(plan.servers.length)} servers, ${String(infra.length)} OpenStack resources, ${String(deploy.objects.length)} Kubernetes objects`;
  console.log(`${plan.environment}: ${counts}`);
  if (planned.findings.length + planned.accepted.length > 0) console.log(findingsText(planned).trimEnd());
  console.log(`the whole plan: ${file}`);
}

/** Rewrites `<out>/<environment>/` and returns the file to read first. */
export function writePlan(planned: Lab, out: string): string {
  const { environment } = planned.plan;
  const path = join(out, environment);
  renewFolder({ path, environment, files: planFiles(planned) });
  return join(path, "plan.txt");
}
