/** RBAC of the NFS driver, as in its own manifests of 4.13; leases in its own namespace only. */
import { Construct } from "constructs";
import { CSI_NFS_NAMESPACE } from "./namespaces";
import { Account, Naming, Rights, type ResourceRule } from "../../../kit";

export const CSI_NFS = {
  /** The driver's name: provisioner of the class, and part of every volume that it created. */
  driver: "nfs.csi.k8s.io",
  namespace: CSI_NFS_NAMESPACE,
  controller: "csi-nfs-controller",
  node: "csi-nfs-node",
} as const;

const READ = ["get", "list", "watch"] as const;

/** For the controller; the driver on the nodes does not call the API. */
const CLUSTER_RULES: readonly ResourceRule[] = [
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

const NAMESPACE_RULES: readonly ResourceRule[] = [
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: [...READ, "create", "update", "patch"],
  },
];

/** Service accounts of both parts, with the controller's roles. */
export class CsiNfsAccess extends Construct {
  constructor(scope: Construct, id: string, { environment }: { readonly environment: string }) {
    super(scope, id);
    const { namespace } = CSI_NFS;
    const names = new Naming("storage", environment);
    const controller = names.identity(CSI_NFS.controller, "controller");
    const account = new Account(this, "Controller", { ...controller, namespace });
    new Account(this, "Node", { ...names.identity(CSI_NFS.node, "node"), namespace });
    new Rights(this, "Rights", {
      ...controller,
      account,
      everywhere: CLUSTER_RULES,
      inNamespace: NAMESPACE_RULES,
    });
  }
}
