/** RBAC rules of tenants. Limits that RBAC cannot express are in the admission policy. */
import type { k8s } from "cdk8s-plus-27";
import { TENANT_NAMESPACE_ROLE } from "../../../kit";

export const READ = ["get", "list", "watch"];
export const MANAGE = [...READ, "create", "update", "patch", "delete"];

/**
 * What the Kubernetes provider needs, in the whole namespace, to see that one object is gone: it lists and watches all of
 * the kind. Where it may not, it tries again without an end, and no time-out of its own applies.
 */
export const READ_DELETED = ["list", "watch"];

const RBAC = "rbac.authorization.k8s.io";

/**
 * Inside a namespace of theirs: everything that a lab is made of. Endpoints are read only (a Service could be led to
 * another namespace's pods), and the Namespace itself is not among them: its labels hold the pods to a level.
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
  // The API server lets no user grant more than they have.
  { apiGroups: [RBAC], resources: ["rolebindings", "roles"], verbs: MANAGE },
];

/** Outside of their namespaces, for all kinds of tenants: which namespaces there are, and the cluster's identity. */
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
    // To see its way in gone, a tenant has to look when it has no rights inside the namespace any more.
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

/** To their own Service in front of the shared ingress controller. The others there are read-only. */
export function entryRights(service: string): readonly k8s.PolicyRule[] {
  return [
    { apiGroups: [""], resources: ["services"], verbs: ["create", ...READ_DELETED] },
    { apiGroups: [""], resources: ["services"], resourceNames: [service], verbs: MANAGE },
  ];
}
