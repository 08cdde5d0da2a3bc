/** The product's own environments, in the forms that tests take. */
import { environments } from "../catalog";
import type { EnvironmentConfig } from "../environment/config";
import { errorsOf, type Finding } from "../environment/findings";
import type { EnvironmentPlan } from "../environment/plan/types";

export const readEnvironment = environments.read.bind(environments);
export const readStackFile = environments.readFile.bind(environments);
export const parseEnvironment = environments.parse;
export const checkEnvironment = environments.check.bind(environments);
export const checkAcross = environments.checkAcross.bind(environments);

type PlanResult =
  | { readonly ok: true; readonly plan: EnvironmentPlan; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Checks, and plans what has no errors. */
export function planEnvironment(config: EnvironmentConfig, owner?: EnvironmentConfig): PlanResult {
  const findings = environments.check(config, owner);
  if (errorsOf(findings).length > 0) return { ok: false, findings };
  return { ok: true, plan: environments.plan(config, owner).plan, findings };
}
