/** What the protection asks a cluster, and what it may hear: what differs between a real and a rehearsed cloud. */
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

/** Label of every object that the program makes: the environment it belongs to. */
export const ENVIRONMENT_LABEL = "labstead.dev/environment";

/**
 * Kinds by which somebody shows that they live in a namespace, as the API's paths name them: what every environment
 * makes in its namespaces, and what runs or is kept there. A namespace that was only just made has none of them.
 */
export const TENANT_OBJECTS = ["resourcequotas", "persistentvolumeclaims", "services", "pods"] as const;
export type TenantObject = (typeof TENANT_OBJECTS)[number];

export interface NamespaceTarget {
  readonly access: ClusterAccess;
  readonly namespace: string;
  /** Whether signs of life are looked for too. */
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
      /** It was told to go, and waits for what is in it. */
      readonly terminating: boolean;
      /** Kinds of what is in it; none if they were not looked for. */
      readonly objects: readonly TenantObject[];
    }
  | ProbeFailure;

/** Looks once. Never throws for what the cluster does or does not answer. */
export type NamespaceProbe = (target: NamespaceTarget) => Promise<NamespaceObservation>;

/** Path of a namespace in the API. */
export function namespacePath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
}
