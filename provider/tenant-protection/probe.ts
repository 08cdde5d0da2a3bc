/** The protection's request to a cluster and its answers: what differs between a real and the built-in cloud. */
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

/** Label of every object that the program makes: the environment it belongs to. */
export const ENVIRONMENT_LABEL = "labstead.dev/environment";

/**
 * Kinds whose objects show that a namespace is in use, as the API's paths name them: what every environment creates in its
 * namespaces, and what runs or is stored there. A new namespace has none of them.
 */
export const TENANT_OBJECTS = ["resourcequotas", "persistentvolumeclaims", "services", "pods"] as const;
export type TenantObject = (typeof TENANT_OBJECTS)[number];

export interface NamespaceTarget {
  readonly access: ClusterAccess;
  readonly namespace: string;
  /** Whether objects in it are looked for too. */
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
      /** It is being deleted, and waits for what is in it. */
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
