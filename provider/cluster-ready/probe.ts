/**
 * The gate's request to a cluster and its answers: the only part that differs between a real and the built-in cloud.
 */
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

export interface ProbeTarget {
  readonly access: ClusterAccess;
  /** Nodes that have to be ready; 0: nodes are not checked. */
  readonly nodes: number;
  /** Aborted when the engine cancels, or when one attempt takes too long. */
  readonly signal: AbortSignal;
}

export type Observation =
  { readonly kind: "ready"; readonly serverVersion: string; readonly clusterId: string } | ProbeFailure;

/** Checks once. Never throws because of the cluster's answer, or a missing one. */
export type Probe = (target: ProbeTarget) => Promise<Observation>;
