/**
 * Roles of the infrastructure API and of projects' notebooks. The owner creates them for all environments of the
 * cluster; each binds them in its namespaces.
 */
import type { ClusterRoleDeclaration, ClusterRoleRule } from "../../environment/parts/cluster-roles";

export const DATALAB_ROLES = {
  infrastructureInNamespace: "infrastructure-namespace-role",
  healthCheck: "health-check-role",
  computeSubmission: "compute-submission-role",
} as const;

const MANAGE = ["get", "list", "update", "create", "patch", "delete", "watch"];

/** Objects that the infrastructure API creates for users' stacks, each in its own API group. */
const IN_NAMESPACE: readonly ClusterRoleRule[] = [
  // To check that a project's namespace exists. Its labels enforce a level on pods, so the API must not change them.
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
  {
    apiGroups: [""],
    resources: [
      "secrets",
      "services",
      "persistentvolumeclaims",
      "events",
      "pods",
      "pods/log",
      "configmaps",
      "serviceaccounts",
    ],
    verbs: MANAGE,
  },
  { apiGroups: ["apps"], resources: ["deployments", "deployments/scale"], verbs: MANAGE },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: MANAGE },
  { apiGroups: ["rbac.authorization.k8s.io"], resources: ["rolebindings"], verbs: MANAGE },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: MANAGE },
  { apiGroups: ["batch"], resources: ["jobs"], verbs: MANAGE },
];

const HEALTH: readonly ClusterRoleRule[] = [{ nonResourceUrls: ["/healthz"], verbs: ["get"] }];

/** Rights of a project's notebooks: start and stop the pods of their own computations. */
const COMPUTE: readonly ClusterRoleRule[] = [
  { apiGroups: [""], resources: ["pods", "services"], verbs: MANAGE },
];

export const datalabClusterRoles: readonly ClusterRoleDeclaration[] = [
  { name: DATALAB_ROLES.infrastructureInNamespace, rules: IN_NAMESPACE },
  { name: DATALAB_ROLES.healthCheck, rules: HEALTH },
  { name: DATALAB_ROLES.computeSubmission, rules: COMPUTE },
];
