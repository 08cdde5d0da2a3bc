/** What the NFS driver may read and write, as its own manifests of 4.13 ask; leases in its own namespace only. */
import { k8s, ServiceAccount } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { CSI_NFS_NAMESPACE } from "../../environment/shared-storage";
import { labelsOf } from "../../kit";

export const CSI_NFS = {
  /** The driver's name: provisioner of the class, and in every volume it has made. */
  driver: "nfs.csi.k8s.io",
  namespace: CSI_NFS_NAMESPACE,
  controller: "csi-nfs-controller",
  node: "csi-nfs-node",
} as const;

const READ = ["get", "list", "watch"];

/** Of the controller; the driver on the nodes asks the API nothing. */
const EVERYWHERE: readonly k8s.PolicyRule[] = [
  {
    apiGroups: [""],
    resources: ["persistentvolumes"],
    verbs: [...READ, "create", "patch", "delete"],
  },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...READ, "update"] },
  { apiGroups: ["storage.k8s.io"], resources: ["storageclasses", "csinodes"], verbs: READ },
  { apiGroups: [""], resources: ["nodes"], verbs: READ },
  { apiGroups: [""], resources: ["events"], verbs: [...READ, "create", "update", "patch"] },
];

const AT_HOME: readonly k8s.PolicyRule[] = [
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: [...READ, "create", "update", "patch"],
  },
];

const API_GROUP = "rbac.authorization.k8s.io";

/** Service accounts of both parts, with the controller's roles. */
export class CsiNfsAccess extends Construct {
  constructor(scope: Construct, id: string, { environment }: { readonly environment: string }) {
    super(scope, id);
    const { controller: name, namespace } = CSI_NFS;
    const labels = (of: string, component: string) => ({
      ...labelsOf({ name: of, partOf: "storage", component, environment }),
    });
    for (const component of ["controller", "node"] as const) {
      const account = CSI_NFS[component];
      new ServiceAccount(this, account, {
        metadata: { name: account, namespace, labels: labels(account, component) },
        automountToken: false,
      });
    }
    const clusterWide = { name, labels: labels(name, "controller") };
    const subjects = [{ kind: "ServiceAccount", name, namespace }];
    new k8s.KubeClusterRole(this, "ClusterRole", { metadata: clusterWide, rules: [...EVERYWHERE] });
    new k8s.KubeClusterRoleBinding(this, "ClusterRoleBinding", {
      metadata: clusterWide,
      roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name },
      subjects,
    });
    const namespaced = { ...clusterWide, namespace };
    new k8s.KubeRole(this, "Role", { metadata: namespaced, rules: [...AT_HOME] });
    new k8s.KubeRoleBinding(this, "RoleBinding", {
      metadata: namespaced,
      roleRef: { apiGroup: API_GROUP, kind: "Role", name },
      subjects,
    });
  }
}
