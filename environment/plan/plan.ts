/** The one entry: from a checked configuration to the plan of everything, or to all that stands against it. */
import { checkEnvironment } from "../checks/checks";
import { isOwner, type EnvironmentConfig } from "../config";
import { errorsOf, type Finding } from "../findings";
import { planOwner } from "./owner";
import { planTenant } from "./tenant-environment";
import type { EnvironmentPlan } from "./types";

export type PlanResult =
  | { readonly ok: true; readonly plan: EnvironmentPlan; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Plans an environment. Pure and total: the same configuration gives the same plan, and what cannot be planned
 * comes back as findings, all together.
 * @param owner for a tenant, the environment whose cluster it shares
 */
export function planEnvironment(config: EnvironmentConfig, owner?: EnvironmentConfig): PlanResult {
  const findings = checkEnvironment(config, owner);
  if (errorsOf(findings).length > 0) return { ok: false, findings };
  if (isOwner(config)) return { ok: true, plan: planOwner(config), findings };
  if (owner === undefined || !isOwner(owner))
    throw new Error("the checks let a tenant without an owner pass");
  return { ok: true, plan: planTenant(config, owner), findings };
}
