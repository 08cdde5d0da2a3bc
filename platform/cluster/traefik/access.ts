/** RBAC of Traefik's provider for Ingresses with ingress-nginx's annotations. */
import { Construct } from "constructs";
import { INGRESS_NAMESPACE } from "../../../environment/ingress-controller";
import { Account, Rights, type Identity, type ResourceRule } from "../../../kit";

const READ = ["get", "list", "watch"] as const;

/** In all namespaces: an Ingress may be in any of them, with its Secrets and endpoints. It writes nothing. */
const CLUSTER_RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["services", "secrets", "configmaps", "nodes", "namespaces"], verbs: READ },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "ingressclasses"], verbs: READ },
];

/** Traefik's service account with its role. */
export class TraefikAccess extends Construct {
  readonly account: Account;

  constructor(scope: Construct, id: string, identity: Identity) {
    super(scope, id);
    this.account = new Account(this, "Account", { ...identity, namespace: INGRESS_NAMESPACE });
    new Rights(this, "Rights", { ...identity, account: this.account, everywhere: CLUSTER_RULES });
  }
}
