/** RBAC of Cinder's CSI driver: what its sidecars of these releases use; leases in its own namespace only. */
import { Construct } from "constructs";
import { Account, Naming, Rights, type ResourceRule } from "../../../kit";
import { CINDER_CSI_NAMESPACE } from "./namespaces";

export const CINDER_CSI = {
  /** The driver's name: provisioner of its classes, and part of every volume that it created. */
  driver: "cinder.csi.openstack.org",
  namespace: CINDER_CSI_NAMESPACE,
  controller: "cinder-csi-controller",
  node: "cinder-csi-node",
  snapshots: "snapshot-controller",
} as const;

const READ = ["get", "list", "watch"] as const;
const SNAPSHOT_API = ["snapshot.storage.k8s.io"] as const;

const EVENTS: ResourceRule = {
  apiGroups: ["", "events.k8s.io"],
  resources: ["events"],
  verbs: ["list", "watch", "create", "update", "patch"],
};

/** Of attacher, provisioner, snapshotter and resizer together. */
const CONTROLLER_RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...READ, "create", "delete", "patch"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...READ, "update"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["nodes", "pods"], verbs: READ },
  {
    apiGroups: ["storage.k8s.io"],
    resources: ["storageclasses", "csinodes", "volumeattributesclasses"],
    verbs: READ,
  },
  { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments"], verbs: [...READ, "patch"] },
  { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments/status"], verbs: ["patch"] },
  { apiGroups: SNAPSHOT_API, resources: ["volumesnapshots"], verbs: ["get", "list"] },
  { apiGroups: SNAPSHOT_API, resources: ["volumesnapshotclasses"], verbs: READ },
  {
    apiGroups: SNAPSHOT_API,
    resources: ["volumesnapshotcontents"],
    verbs: [...READ, "create", "update", "delete", "patch"],
  },
  { apiGroups: SNAPSHOT_API, resources: ["volumesnapshotcontents/status"], verbs: ["update", "patch"] },
  EVENTS,
];

const SNAPSHOT_RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["persistentvolumes", "nodes"], verbs: READ },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...READ, "update"] },
  { apiGroups: SNAPSHOT_API, resources: ["volumesnapshotclasses"], verbs: READ },
  {
    apiGroups: SNAPSHOT_API,
    resources: ["volumesnapshots", "volumesnapshotcontents"],
    verbs: [...READ, "create", "update", "patch", "delete"],
  },
  {
    apiGroups: SNAPSHOT_API,
    resources: ["volumesnapshots/status", "volumesnapshotcontents/status"],
    verbs: ["update", "patch"],
  },
  EVENTS,
];

const LEASES: readonly ResourceRule[] = [
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: [...READ, "create", "update", "patch"],
  },
];

/** Service accounts of the three workloads, with their roles; the driver on the nodes does not call the API. */
export class CinderCsiAccess extends Construct {
  private readonly names: Naming;

  constructor(scope: Construct, id: string, { environment }: { readonly environment: string }) {
    super(scope, id);
    this.names = new Naming("storage", environment);
    this.account("Controller", CINDER_CSI.controller, CONTROLLER_RULES);
    this.account("Snapshots", CINDER_CSI.snapshots, SNAPSHOT_RULES);
    new Account(this, "Node", { ...this.identity(CINDER_CSI.node) });
  }

  private account(id: string, name: string, everywhere: readonly ResourceRule[]): void {
    const account = new Account(this, id, this.identity(name));
    const rights = { ...this.names.identity(name, "volumes"), account, everywhere, inNamespace: LEASES };
    new Rights(this, `${id}Rights`, rights);
  }

  private identity(name: string) {
    return { ...this.names.identity(name, "volumes"), namespace: CINDER_CSI.namespace };
  }
}
