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
  /** Provisioner of the class, and in every volume it has made. */
  provisioner: "labstead.dev/nfs",
  namespace: NFS_PROVISIONER_NAMESPACE,
  /** Of the pod's set, its Service and its account. */
  name: "nfs-provisioner",
} as const;

/** The only port of NFSv4, which is all that the class's volumes are mounted by. */
export const NFS_PORT = 2049;

/** Who is where. */
export interface NfsNetwork {
  readonly nodeCidr: string;
  readonly serviceCidr: string;
  /**
   * Where the nodes' own packets to pods on other nodes come from the pods' network: then no policy can distinguish them from
   * pods' packets. Undefined where they come from the nodes' addresses.
   */
  readonly encapsulatedFrom?: string;
}

export interface NfsProvisionerAccessProps {
  readonly environment: string;
  readonly network: NfsNetwork;
}

/**
 * Volumes and claims are outside of namespaces or in everybody's. It signs no claim and asks for no lease: there is one
 * of it.
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

/** It looks up its own address before it writes it into a volume, and whether it is alone behind it. */
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

  /** Nodes mount, pods do not. Out of it only to the API: some network plugins look before a Service's address is translated. */
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
