/** Relation of an environment to its cluster: the namespaces that it creates, and how it is limited to them. */
import { kubernetesMinor } from "./kubernetes-version";

/**
 * - `owner`: may do everything.
 * - `guarded`: a tenant that creates its own namespaces; admission policies (Kubernetes 1.30) limit it to them.
 * - `prepared`: a tenant whose namespaces and entry its owner creates, without such policies.
 */
export type Tenancy =
  | { readonly kind: "owner" }
  | { readonly kind: "guarded"; readonly tenant: string }
  | { readonly kind: "prepared"; readonly tenant: string };

/** A tenant's user and group in the cluster: its rights are bound to the group. */
export function tenantPrincipal(tenant: string): string {
  return `labstead:tenant:${tenant}`;
}

/** Cluster role of tenants inside their own namespaces; the cluster's owner creates it once. */
export const TENANT_NAMESPACE_ROLE = "labstead-tenant-namespace";

/** Minor version since which ValidatingAdmissionPolicies are always on. */
const POLICIES_SINCE = 30;

/** Whether the API servers of a version, such as `1.36`, enforce ValidatingAdmissionPolicies. */
export function hasAdmissionPolicies(version: string): boolean {
  return kubernetesMinor(version) >= POLICIES_SINCE;
}

/** How the tenants of a cluster of this version, such as `1.36`, are limited to what they were granted. */
export function tenantKind(version: string): Exclude<Tenancy["kind"], "owner"> {
  return hasAdmissionPolicies(version) ? "guarded" : "prepared";
}
