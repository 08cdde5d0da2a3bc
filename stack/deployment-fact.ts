/** What the guard watches of the way in which charts reach the cluster. */
import { assertNever } from "../errors/assert-never";
import {
  deploymentOf,
  deploymentPath,
  type Deployment,
  type DeploymentPlan,
} from "../environment/plan/deployment";
import type { GuardedFact } from "../provider/sdk";

/** The setting, and its key among what is watched. */
export const DEPLOY = "deploy";

/** Name of the fact of the environment, beside those of parts. */
const ENVIRONMENT = "value";

/**
 * Of an environment and of each part with charts, so that also a part's own setting that is removed is seen. A part
 * without a record was deployed as the environment.
 */
export function deploymentFacts(
  plan: DeploymentPlan,
  parts: Iterable<string>,
): Readonly<Record<string, GuardedFact>> {
  const ofParts = [...new Set(parts)].map((part) => {
    const at = deploymentPath(plan, part);
    return [part, { ...deploymentFact(deploymentOf(plan, part), at), recordedAs: ENVIRONMENT }] as const;
  });
  return {
    [ENVIRONMENT]: deploymentFact(plan.default),
    ...Object.fromEntries(ofParts),
  };
}

/** What a change would do to a running environment. @param at path of the setting */
export function deploymentFact(deployment: Deployment, at: string = DEPLOY): GuardedFact {
  const fact = { value: deployment, at, change: "fixed" as const };
  switch (deployment) {
    case "applySet":
      return {
        ...fact,
        effect: "deletes the objects that the sets take over, with the data in them",
        instead: `run up with ${at}: handover first, to its end`,
        free: ["handover"],
      };
    case "objects":
    case "handover":
      return {
        ...fact,
        effect: "creates objects that exist, and deletes those of the sets",
        instead: "the way from sets to objects is pulumi import of each object (docs/apply-set.md)",
        free: ["objects", "handover"],
      };
    default:
      return assertNever(deployment);
  }
}
