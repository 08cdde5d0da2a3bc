/** How the charts of an environment reach its cluster, by the parts that they are of. */
import type { Deployment, EnvironmentConfig } from "../config";

export type { Deployment } from "../config";

export interface DeploymentPlan {
  /** Of every part that is not among `parts`. */
  readonly default: Deployment;
  /** Of parts with a setting of their own, by their keys. */
  readonly parts: Readonly<Record<string, Deployment>>;
}

export function deploymentPlan({
  deploy,
  deployParts,
}: Pick<EnvironmentConfig, "deploy" | "deployParts">): DeploymentPlan {
  return { default: deploy, parts: deployParts };
}

/** @param part its key in the catalog */
export function deploymentOf(plan: DeploymentPlan, part: string | undefined): Deployment {
  return (part === undefined ? undefined : plan.parts[part]) ?? plan.default;
}

/** Path of the setting that decides about a part, or about the environment. */
export function deploymentPath(plan: DeploymentPlan, part: string | undefined): string {
  return part !== undefined && part in plan.parts ? `deployParts.${part}` : "deploy";
}
