/** Names and labels on which several charts have to agree. */
import { INGRESS_CONTROLLER } from "../environment/ingress-controller";
import { INGRESS_CERTIFICATE } from "../environment/secrets";

/** Labels of every object the program makes: whose it is, and to which stack of services it belongs. */
export interface Identity {
  /** What it is, unique in its namespace: `datalab-api`. */
  readonly name: string;
  /** The larger whole: `datalab`, `ingress-nginx`. */
  readonly partOf: string;
  /** Its function in that whole: `api`, `database`, `controller`. */
  readonly component: string;
  readonly environment: string;
}

/** Labels of an object, or of the pods that are selected, by key. */
export type Labels = Readonly<Record<string, string>>;

/** Recommended labels of Kubernetes, and the environment. */
export function labelsOf({ name, partOf, component, environment }: Identity): Labels {
  return {
    ...selectorOf({ name }),
    "app.kubernetes.io/part-of": partOf,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "labstead",
    "labstead.dev/environment": environment,
  };
}

/** What an object is called and carries, as both levels of the library take it. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Record<string, string>;
}

/** Name, namespace and labels of an object; without a namespace, of one that belongs to the whole cluster. */
export function metadataOf(identity: Identity, namespace?: string): ObjectMetadata {
  return {
    name: identity.name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...labelsOf(identity) },
  };
}

/**
 * Names the objects of one whole in one environment.
 * @example
 * const names = new Naming("storage", "prod");
 * names.metadata("csi-nfs-node", "node", "csi-nfs");
 */
export class Naming {
  constructor(
    private readonly partOf: string,
    private readonly environment: string,
  ) {}

  /** What the kit's constructs take. */
  identity(name: string, component: string): Identity {
    return { name, partOf: this.partOf, component, environment: this.environment };
  }

  /** What any other object takes; without a namespace it belongs to the whole cluster. */
  metadata(name: string, component: string, namespace?: string): ObjectMetadata {
    return metadataOf(this.identity(name, component), namespace);
  }
}

/** What selects the pods: the name only, because a selector cannot change later. */
export function selectorOf({ name }: Pick<Identity, "name">): Labels {
  return { "app.kubernetes.io/name": name };
}

/** The one ingress controller that all environments of a cluster share. */
export const INGRESS_NGINX = {
  namespace: INGRESS_CONTROLLER.namespace,
  controller: "ingress-nginx-controller",
  className: INGRESS_CONTROLLER.className,
  certificateSecret: INGRESS_CERTIFICATE.name,
} as const;

/** Cluster role of tenants inside their own namespaces; the cluster's owner makes it once. */
export const TENANT_NAMESPACE_ROLE = "labstead-tenant-namespace";

/** Pods that answer DNS: kubeadm's CoreDNS keeps the label of its predecessor. */
export const CLUSTER_DNS = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } } as const;
