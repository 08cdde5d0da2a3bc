/** Nodes of the pods, by zero-to-jupyterhub's node purposes. */
import { assertNever } from "../../errors/assert-never";
import type { NodeRule, SchedulingSpec, Toleration } from "../../kit";
import { DEDICATED_TAINTS, NODE_PURPOSE_LABEL, NODE_PURPOSES } from "./names";
import type { HubPlan } from "./plan";

type Purpose = keyof typeof NODE_PURPOSES;
type Strictness = Pick<HubPlan, "nodePurpose">;

/** The hub and its proxy are on `core` nodes, away from people's servers. */
export function coreScheduling(hub: Strictness): SchedulingSpec {
  return purposeScheduling("core", hub);
}

/** Pods on the nodes of people's servers. */
export function userScheduling(hub: Strictness): SchedulingSpec {
  return purposeScheduling("user", hub);
}

function purposeScheduling(purpose: Purpose, { nodePurpose }: Strictness): SchedulingSpec {
  const value = NODE_PURPOSES[purpose];
  const labelled: NodeRule = { kind: "in", key: NODE_PURPOSE_LABEL, values: [value] };
  const tolerations: readonly Toleration[] = DEDICATED_TAINTS.map((key) => ({
    kind: "taint",
    key,
    value,
    effect: "NoSchedule",
  }));
  switch (nodePurpose) {
    case "ignore":
      return { tolerations };
    case "prefer":
      return { tolerations, nodeAffinity: { preferred: [{ rules: [labelled] }] } };
    case "require":
      return { tolerations, nodeAffinity: { required: [labelled] } };
    default:
      return assertNever(nodePurpose);
  }
}
