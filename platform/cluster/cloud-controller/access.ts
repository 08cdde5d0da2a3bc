/**
 * RBAC of the cloud controller manager: what its controllers of nodes and Services use. Without the Secrets, service
 * accounts and volumes of all namespaces that its own manifests include: its controllers run under its own account, and
 * volumes are the CSI driver's.
 */
import { Construct } from "constructs";
import { Account, Naming, Rights, type ResourceRule } from "../../../kit";
import { CLOUD_CONTROLLER_NAMESPACE } from "./namespaces";

export const CLOUD_CONTROLLER = {
  namespace: CLOUD_CONTROLLER_NAMESPACE,
  name: "openstack-cloud-controller-manager",
  /** Its leader holds this lease. */
  lease: "cloud-controller-manager",
} as const;

const READ = ["get", "list", "watch"] as const;

const CLUSTER_RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: [...READ, "update", "patch", "delete"] },
  { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch", "update"] },
  { apiGroups: [""], resources: ["services"], verbs: [...READ, "patch", "update"] },
  { apiGroups: [""], resources: ["services/status"], verbs: ["patch", "update"] },
  { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update"] },
];

const NAMESPACE_RULES: readonly ResourceRule[] = [
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [CLOUD_CONTROLLER.lease],
    verbs: ["get", "update"],
  },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
];

/** The service account with its roles. */
export class CloudControllerAccess extends Construct {
  readonly account: Account;

  constructor(scope: Construct, id: string, { environment }: { readonly environment: string }) {
    super(scope, id);
    const { name, namespace } = CLOUD_CONTROLLER;
    const identity = new Naming("cloud-controller", environment).identity(name, "controller");
    this.account = new Account(this, "Account", { ...identity, namespace });
    new Rights(this, "Rights", {
      ...identity,
      account: this.account,
      everywhere: CLUSTER_RULES,
      inNamespace: NAMESPACE_RULES,
    });
  }
}
