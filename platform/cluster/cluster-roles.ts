/**
 * Roles that the lab's services are given. They grant nothing until somebody binds them: the owner for the whole
 * cluster, a tenant in its own namespaces. Being cluster-wide, they are made once, by the owner.
 */
import { Chart } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { CLUSTER_ROLES, Naming } from "../../kit";

const MANAGE = ["get", "list", "update", "create", "patch", "delete", "watch"];

/** What the infrastructure API makes for users' stacks, each in its own API group. */
const IN_NAMESPACE: readonly k8s.PolicyRule[] = [
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

/** An owner's makes a namespace for each project too; a tenant's must not touch the labels of its own. */
const INFRASTRUCTURE: readonly k8s.PolicyRule[] = [
  { apiGroups: [""], resources: ["namespaces"], verbs: MANAGE },
  ...IN_NAMESPACE,
];

const HEALTH: readonly k8s.PolicyRule[] = [{ nonResourceUrLs: ["/healthz"], verbs: ["get"] }];

/** What a project's notebooks may do: start and stop the pods of their own computations. */
const COMPUTE: readonly k8s.PolicyRule[] = [
  { apiGroups: [""], resources: ["pods", "services"], verbs: MANAGE },
];

/** Cluster roles that environments of the cluster bind where they may. */
export class ClusterRolesChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: { readonly environment: string },
  ) {
    super(scope, id);
    this.role(CLUSTER_ROLES.infrastructureManagement, INFRASTRUCTURE);
    this.role(CLUSTER_ROLES.infrastructureInNamespace, IN_NAMESPACE);
    this.role(CLUSTER_ROLES.healthCheck, HEALTH);
    this.role(CLUSTER_ROLES.computeSubmission, COMPUTE);
  }

  private role(name: string, rules: readonly k8s.PolicyRule[]): void {
    const names = new Naming("labstead", this.props.environment);
    new k8s.KubeClusterRole(this, name, {
      metadata: names.metadata(name, "access"),
      rules: [...rules],
    });
  }
}
