/** RBAC rules of tenants. Limits that RBAC cannot express are in the admission policy. */
import type { k8s } from "cdk8s-plus-27";
import { TENANT_NAMESPACE_ROLE } from "../../../kit";

export const READ = ["get", "list", "watch"];
export const MANAGE = [...READ, "create", "update", "patch", "delete"];

/**
 * The Kubernetes provider needs these in the whole namespace to detect that one object is deleted: it lists and watches
 * all objects of the kind. Without the right it retries endlessly, and no time-out of its own applies.
 */
export const READ_DELETED = ["list", "watch"];

const RBAC = "rbac.authorization.k8s.io";

/**
 * Inside a tenant's namespace: every kind of object of a lab. Endpoints are read-only (a Service could be directed to
 * another namespace's pods). The Namespace itself is excluded: its labels enforce a level on the pods.
 */
export const IN_NAMESPACE: readonly k8s.PolicyRule[] = [
  {
    apiGroups: [""],
    resources: [
      "configmaps",
      "events",
      "limitranges",
      "persistentvolumeclaims",
      "pods",
      "pods/exec",
      "pods/log",
      "pods/portforward",
      "resourcequotas",
      "secrets",
      "serviceaccounts",
      "services",
    ],
    verbs: MANAGE,
  },
  { apiGroups: [""], resources: ["namespaces", "endpoints"], verbs: READ },
  {
    apiGroups: ["apps"],
    resources: [
      "controllerrevisions",
      "daemonsets",
      "deployments",
      "deployments/scale",
      "replicasets",
      "statefulsets",
      "statefulsets/scale",
    ],
    verbs: MANAGE,
  },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: MANAGE },
  { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: MANAGE },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: MANAGE },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: MANAGE },
  // The API server lets no user grant more rights than the user has.
  { apiGroups: [RBAC], resources: ["rolebindings", "roles"], verbs: MANAGE },
];

/** Outside of their namespaces, for all kinds of tenants: the list of namespaces, and the cluster's identity. */
export const CLUSTER_RULES: readonly k8s.PolicyRule[] = [
  { apiGroups: [""], resources: ["namespaces"], verbs: READ },
];

/**
 * To create their own namespaces and their role bindings in them. RBAC cannot limit creation by name, so these rights
 * are limited by the admission policy.
 */
export function openingRights(namespaces: readonly string[]): readonly k8s.PolicyRule[] {
  return [
    { apiGroups: [""], resources: ["namespaces"], verbs: ["create"] },
    {
      apiGroups: [""],
      resources: ["namespaces"],
      resourceNames: [...namespaces],
      verbs: ["update", "patch", "delete"],
    },
    // A tenant must still see that its own role binding is deleted, when it has no more rights inside the namespace.
    { apiGroups: [RBAC], resources: ["rolebindings"], verbs: ["create", ...READ_DELETED] },
    {
      apiGroups: [RBAC],
      resources: ["rolebindings"],
      resourceNames: [TENANT_NAMESPACE_ROLE],
      verbs: ["get", "patch"],
    },
    {
      apiGroups: [RBAC],
      resources: ["clusterroles"],
      resourceNames: [TENANT_NAMESPACE_ROLE],
      verbs: ["bind"],
    },
  ];
}

/** Rights to the tenant's own Service in front of the shared ingress controller. Others there are read-only. */
export function entryRights(service: string): readonly k8s.PolicyRule[] {
  return [
    { apiGroups: [""], resources: ["services"], verbs: ["create", ...READ_DELETED] },
    { apiGroups: [""], resources: ["services"], resourceNames: [service], verbs: MANAGE },
  ];
}
