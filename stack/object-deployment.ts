/** Which objects reach the cluster in which way. */
import type { PlannedObject } from "../deploy/plan";
import { deploymentOf, type Deployment } from "../environment/plan/deployment";
import type { Lab } from "../lab";

/** By the part whose chart an object is in. */
export function objectDeployment({
  plan,
  partOfChart,
}: Pick<Lab, "plan" | "partOfChart">): (object: PlannedObject) => Deployment {
  return ({ chart }) => deploymentOf(plan.deployment, partOfChart.get(chart));
}
