/** What ingress-nginx reads and writes, as its own manifests of 1.12 and later ask. */
import { k8s, ServiceAccount } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { INGRESS_NGINX, labelsOf, type Identity } from "../../kit";

/** Lease by which the replicas agree on who writes the status of Ingresses. */
export const LEADER_LEASE = "ingress-nginx-leader";

const READ = ["get", "list", "watch"];

/** In all namespaces: an Ingress may stand anywhere, with its Secrets and endpoints beside it. */
const EVERYWHERE: readonly k8s.PolicyRule[] = [
  {
    apiGroups: [""],
    resources: ["configmaps", "endpoints", "nodes", "pods", "secrets", "namespaces"],
    verbs: ["list", "watch"],
  },
  { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
  { apiGroups: [""], resources: ["services"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "ingressclasses"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses/status"], verbs: ["update"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** In its own namespace: its configuration, and the lease. */
const AT_HOME: readonly k8s.PolicyRule[] = [
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
  { apiGroups: [""], resources: ["configmaps", "pods", "secrets", "endpoints"], verbs: READ },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [LEADER_LEASE],
    verbs: ["get", "update"],
  },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
];

const NAME = "ingress-nginx";

/** The controller's service account with its roles. */
export class IngressAccess extends Construct {
  readonly serviceAccount: ServiceAccount;

  constructor(scope: Construct, id: string, identity: Identity) {
    super(scope, id);
    const clusterWide = { name: NAME, labels: { ...labelsOf({ ...identity, name: NAME }) } };
    const namespaced = { ...clusterWide, namespace: INGRESS_NGINX.namespace };
    this.serviceAccount = new ServiceAccount(this, "ServiceAccount", {
      metadata: namespaced,
      automountToken: false,
    });
    const subjects = [{ kind: "ServiceAccount", name: NAME, namespace: INGRESS_NGINX.namespace }];
    new k8s.KubeClusterRole(this, "ClusterRole", { metadata: clusterWide, rules: [...EVERYWHERE] });
    new k8s.KubeClusterRoleBinding(this, "ClusterRoleBinding", {
      metadata: clusterWide,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: NAME },
      subjects,
    });
    new k8s.KubeRole(this, "Role", { metadata: namespaced, rules: [...AT_HOME] });
    new k8s.KubeRoleBinding(this, "RoleBinding", {
      metadata: namespaced,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: NAME },
      subjects,
    });
  }
}
