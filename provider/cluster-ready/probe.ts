/** The gate's request to a cluster and its answers: the one thing that differs between a real and the built-in cloud. */
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

export interface ProbeTarget {
  readonly access: ClusterAccess;
  /** Nodes that have to be ready; 0: nodes are not asked for. */
  readonly nodes: number;
  /** Aborted when the engine cancels, or when one attempt takes too long. */
  readonly signal: AbortSignal;
}

export type Observation =
  { readonly kind: "ready"; readonly serverVersion: string; readonly clusterId: string } | ProbeFailure;

/** Looks once. Never throws for what the cluster does or does not answer. */
export type Probe = (target: ProbeTarget) => Promise<Observation>;
