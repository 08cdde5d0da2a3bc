/** What the guard watches of the way in which charts reach the cluster. */
import { assertNever } from "../errors/assert-never";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { GuardedFact } from "../provider/sdk";

/** The setting, and its key among what is watched. */
export const DEPLOY = "deploy";

/** What a change of `deploy` would do to a running environment. */
export function deploymentFact(deployment: EnvironmentPlan["deployment"]): GuardedFact {
  const fact = { value: deployment, at: DEPLOY, change: "fixed" as const };
  switch (deployment) {
    case "applySet":
      return {
        ...fact,
        effect: "deletes the objects that the sets take over, with the data in them",
        instead: "run up with deploy: handover first, to its end",
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
