/** Requests about a cluster's nodes: the part that differs between a real and the built-in cloud. */
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

export interface NodeTarget {
  readonly access: ClusterAccess;
  readonly node: string;
  /** Aborted when the engine cancels, or when the request takes too long. */
  readonly signal: AbortSignal;
}

export type NodeObservation =
  | { readonly kind: "absent" }
  | {
      readonly kind: "present";
      readonly uid: string;
      readonly ready: boolean;
      /** Set by a cloud controller, as `openstack:///<server id>`; empty without one. */
      readonly providerId: string;
    }
  | ProbeFailure;

/** A pod that a drain has to move: not a mirror of a static pod, not of a DaemonSet, not a terminated one. */
export interface MovablePod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** It is being deleted. */
  readonly terminating: boolean;
  /** A controller recreates it elsewhere. */
  readonly controlled: boolean;
}

export type PodsObservation = { readonly kind: "pods"; readonly pods: readonly MovablePod[] } | ProbeFailure;

export type Eviction =
  /** Evicted, or gone already. */
  | { readonly kind: "evicted" }
  /** Disruption budgets prevent it. */
  | { readonly kind: "blocked"; readonly by: string }
  | ProbeFailure;

export type Done = { readonly kind: "done" } | ProbeFailure;

/** Each does one thing once, and never throws because of the cluster's answer, or a missing one. */
export interface Nodes {
  find(target: NodeTarget): Promise<NodeObservation>;
  /** Keeps new pods away. */
  cordon(target: NodeTarget): Promise<Done>;
  pods(target: NodeTarget): Promise<PodsObservation>;
  evict(target: NodeTarget, pod: MovablePod): Promise<Eviction>;
  /** Deletes the Node object of this uid, and the pods of DaemonSets on it; a missing one is a success. */
  remove(target: NodeTarget, uid: string): Promise<Done>;
}
