/** Where the API of a cluster that the program makes answers. */
import type { ApiPlan, ClusterPlan } from "./types";

/** @throws Error for a cluster that somebody else made: only its kubeconfig knows; a fault of the program */
export function apiOf({ api, name }: ClusterPlan): ApiPlan {
  if (api === undefined) throw new Error(`the API of ${name} is not planned here`);
  return api;
}
