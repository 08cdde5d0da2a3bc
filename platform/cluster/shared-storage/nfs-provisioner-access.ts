/** RBAC and network policy of the NFS server inside the cluster. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { NFS_PROVISIONER_NAMESPACE } from "./namespaces";
import {
  Account,
  Naming,
  Rights,
  metadataOf,
  selectorOf,
  type Identity,
  type ResourceRule,
} from "../../../kit";

export const NFS_PROVISIONER = {
  /** Provisioner of the class, and part of every volume that it created. */
  provisioner: "labstead.dev/nfs",
  namespace: NFS_PROVISIONER_NAMESPACE,
  /** Name of the StatefulSet, its Service and its service account. */
  name: "nfs-provisioner",
} as const;

/** The only port of NFSv4; the class's volumes are mounted by no other version. */
export const NFS_PORT = 2049;

/** The networks of nodes, Services and pods. */
export interface NfsNetwork {
  readonly nodeCidr: string;
  readonly serviceCidr: string;
  /**
   * The source range if the nodes' own packets to pods on other nodes come from the pods' network: a policy then cannot
   * distinguish them from pods' packets. Undefined if they come from the nodes' addresses.
   */
  readonly encapsulatedFrom?: string;
}

export interface NfsProvisionerAccessProps {
  readonly environment: string;
  readonly network: NfsNetwork;
}

/**
 * Volumes are cluster-wide, and claims are in any namespace. It signs no claims and needs no lease: there is only one
 * replica.
 */
const CLUSTER_RULES: readonly ResourceRule[] = [
  {
    apiGroups: [""],
    resources: ["persistentvolumes"],
    verbs: ["get", "list", "watch", "create", "delete"],
  },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["list", "watch"] },
  { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** It looks up its own address before it writes it into a volume, and checks that it is the Service's only endpoint. */
const NAMESPACE_RULES: readonly ResourceRule[] = [
  {
    apiGroups: [""],
    resources: ["services", "endpoints"],
    resourceNames: [NFS_PROVISIONER.name],
    verbs: ["get"],
  },
];

export class NfsProvisionerAccess extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: NfsProvisionerAccessProps,
  ) {
    super(scope, id);
    const { name, namespace } = NFS_PROVISIONER;
    const identity = new Naming("storage", props.environment).identity(name, "nfs-server");
    const account = new Account(this, "Account", { ...identity, namespace });
    new Rights(this, "Rights", {
      ...identity,
      account,
      everywhere: CLUSTER_RULES,
      inNamespace: NAMESPACE_RULES,
    });
    this.policy(identity);
  }

  /**
   * Only nodes mount, not pods. Outgoing traffic only to the API: some network plugins check packets before a Service's
   * address is translated.
   */
  private policy(identity: Identity): void {
    const { nodeCidr, serviceCidr, encapsulatedFrom } = this.props.network;
    const from = [nodeCidr, ...(encapsulatedFrom === undefined ? [] : [encapsulatedFrom])].map(block);
    new k8s.KubeNetworkPolicy(this, "Policy", {
      metadata: metadataOf(identity, NFS_PROVISIONER.namespace),
      spec: {
        podSelector: { matchLabels: { ...selectorOf(NFS_PROVISIONER) } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from, ports: [tcp(NFS_PORT)] }],
        egress: [
          { to: [block(serviceCidr)], ports: [tcp(443)] },
          { to: [block(nodeCidr)], ports: [tcp(6443)] },
        ],
      },
    });
  }
}

function block(cidr: string): k8s.NetworkPolicyPeer {
  return { ipBlock: { cidr } };
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: "TCP", port: k8s.IntOrString.fromNumber(port) };
}
