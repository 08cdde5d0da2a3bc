/** API endpoint of a cluster that the program creates. */
import type { ApiPlan, ClusterPlan } from "./types";

/** @throws Error for an existing cluster, whose endpoint only its kubeconfig has: a bug in the program */
export function apiOf({ api, name }: ClusterPlan): ApiPlan {
  if (api === undefined) throw new Error(`the API of ${name} is not planned here`);
  return api;
}
