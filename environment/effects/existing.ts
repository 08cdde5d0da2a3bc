/** Effects of `cluster` of an environment on an existing cluster. */
import type { ExistingClusterConfig } from "../config";
import type { Effects } from "../parts/effects";
import { ANOTHER_KIND_OF_ENVIRONMENT, guarded, inPlace, stopped } from "./words";

const POLICIES = inPlace("NetworkPolicies change at once");

const CLASS = stopped({
  would: "replaces every claim of the old class, with its data",
  instead: "back the data up, and restore them in an environment that was brought up with the other class",
  free: [""],
});

export const EXISTING_CLUSTER_EFFECTS: Effects<ExistingClusterConfig["cluster"]> = {
  kind: ANOTHER_KIND_OF_ENVIRONMENT,
  name: guarded("means another cluster", "for another cluster, bring an environment up beside this one"),
  version: inPlace("charts are rendered for it"),
  nodeCidr: POLICIES,
  serviceCidr: POLICIES,
  storage: { block: CLASS, shared: CLASS },
  ingress: {
    className: inPlace("ingresses change their class, and the other controller serves them"),
    namespace: POLICIES,
    podLabels: POLICIES,
  },
  enforcesPolicies: inPlace("nothing is made from it; the checks know of it"),
  devices: inPlace("nothing is made from it; the checks know of it"),
  nodeLabels: inPlace("nothing is made from it; the checks know of it"),
};
