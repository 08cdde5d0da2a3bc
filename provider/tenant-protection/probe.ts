/**
 * The protection's request to a cluster and its answers: the part that differs between a real and the built-in cloud.
 */
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

/** Label of every object that the program makes: the environment it belongs to. */
export const ENVIRONMENT_LABEL = "labstead.dev/environment";

/**
 * Kinds whose objects show that a namespace is in use, as the API's paths name them: objects that every environment
 * creates in its namespaces, workloads and stored data. A new namespace has none of them.
 */
export const TENANT_OBJECTS = ["resourcequotas", "persistentvolumeclaims", "services", "pods"] as const;
export type TenantObject = (typeof TENANT_OBJECTS)[number];

export interface NamespaceTarget {
  readonly access: ClusterAccess;
  readonly namespace: string;
  /** Whether its objects are queried too. */
  readonly listObjects: boolean;
  /** Aborted when the engine cancels, or when the look takes too long. */
  readonly signal: AbortSignal;
}

export type NamespaceObservation =
  | { readonly kind: "absent" }
  | {
      readonly kind: "present";
      /** Value of {@link ENVIRONMENT_LABEL}; empty without one. */
      readonly environment: string;
      /** It is being deleted, and waits for its objects. */
      readonly terminating: boolean;
      /** Kinds of its objects; none if they were not queried. */
      readonly objects: readonly TenantObject[];
    }
  | ProbeFailure;

/** Checks once. Never throws because of the cluster's answer, or a missing one. */
export type NamespaceProbe = (target: NamespaceTarget) => Promise<NamespaceObservation>;

/** Path of a namespace in the API. */
export function namespacePath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
}
