/** RBAC of ingress-nginx, as in its own manifests of 1.12 and later. */
import { Construct } from "constructs";
import { INGRESS_NAMESPACE } from "../../../environment/ingress-controller";
import { Account, Rights, type Identity, type ResourceRule } from "../../../kit";

/** Lease for electing the replica that writes the status of Ingresses. */
export const LEADER_LEASE = "ingress-nginx-leader";

const READ = ["get", "list", "watch"] as const;

/** In all namespaces: an Ingress may be in any of them, with its Secrets and endpoints. */
const CLUSTER_RULES: readonly ResourceRule[] = [
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
const NAMESPACE_RULES: readonly ResourceRule[] = [
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
  readonly account: Account;

  constructor(scope: Construct, id: string, props: Identity) {
    super(scope, id);
    const identity = { ...props, name: NAME };
    this.account = new Account(this, "Account", { ...identity, namespace: INGRESS_NAMESPACE });
    new Rights(this, "Rights", {
      ...identity,
      account: this.account,
      everywhere: CLUSTER_RULES,
      inNamespace: NAMESPACE_RULES,
    });
  }
}
