/** Nodes of the hub's own pods, by zero-to-jupyterhub's node purposes. */
import { assertNever } from "../../errors/assert-never";
import type { NodeRule, SchedulingSpec, Toleration } from "../../kit";
import { DEDICATED_TAINTS, NODE_PURPOSE_LABEL, NODE_PURPOSES } from "./names";
import type { HubPlan } from "./plan";

const ON_CORE: NodeRule = { kind: "in", key: NODE_PURPOSE_LABEL, values: [NODE_PURPOSES.core] };

const TOLERATIONS: readonly Toleration[] = DEDICATED_TAINTS.map((key) => ({
  kind: "taint",
  key,
  value: NODE_PURPOSES.core,
  effect: "NoSchedule",
}));

/** The hub and its proxy are on `core` nodes, away from people's servers. */
export function coreScheduling({ nodePurpose }: Pick<HubPlan, "nodePurpose">): SchedulingSpec {
  switch (nodePurpose) {
    case "ignore":
      return { tolerations: TOLERATIONS };
    case "prefer":
      return { tolerations: TOLERATIONS, nodeAffinity: { preferred: [{ rules: [ON_CORE] }] } };
    case "require":
      return { tolerations: TOLERATIONS, nodeAffinity: { required: [ON_CORE] } };
    default:
      return assertNever(nodePurpose);
  }
}
