/** Users' pods of the example environment, for tests. */
import { App } from "cdk8s";
import { UserPodsChart } from "../../../apps/user-pods/chart";
import type { UserPodsPlan } from "../../../apps/user-pods/plan";
import { changedBelow, configOf, exampleOf, plannedOf, type Json } from "../../environment/configs";
import { renderChart, type Manifest } from "../manifests";

const EXAMPLE = exampleOf("savu");

/** The example with changes below `apps.userPods`, by their paths there. */
export function environmentWith(changes: Json = {}, others: Json = {}): Json {
  return changedBelow(EXAMPLE, "apps.userPods", changes, others);
}

export function userPodsPlan(changes: Json = {}, others: Json = {}): UserPodsPlan {
  const { parts } = plannedOf(configOf("savu", environmentWith(changes, others)));
  return parts["userPods"] as UserPodsPlan;
}

export function userPodsManifests(plan: UserPodsPlan): readonly Manifest[] {
  return renderChart(new UserPodsChart(new App(), "user-pods", plan)).manifests;
}

export const NODE_PORTS: Json = {
  exposure: { kind: "nodePort" },
  "users.ada.nodePort": 30048,
  "users.grace.nodePort": 30049,
};
