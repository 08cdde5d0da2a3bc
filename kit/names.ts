/** Names and labels that several charts share. */

/** Labels of every object that the program creates: its environment, and the stack of services to which it belongs. */
export interface Identity {
  /** The object's name, unique in its namespace: `datalab-api`. */
  readonly name: string;
  /** The application that it is part of: `datalab`, `ingress-nginx`. */
  readonly partOf: string;
  /** Its function in that application: `api`, `database`, `controller`. */
  readonly component: string;
  readonly environment: string;
}

/** Label of a namespace whose objects the rules of an environment apply to; its value is the environment's name. */
export const RULES_LABEL = "labstead.dev/rules";

/** Labels of an object, or of selected pods, by key. */
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

/** Name and labels of an object, as both levels of the library take them. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Record<string, string>;
}

/** Name, namespace and labels of an object; without a namespace, of a cluster-scoped object. */
export function metadataOf(identity: Identity, namespace?: string): ObjectMetadata {
  return {
    name: identity.name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...labelsOf(identity) },
  };
}

/**
 * Names the objects of one application in one environment.
 * @example
 * const names = new Naming("storage", "prod");
 * names.metadata("csi-nfs-node", "node", "csi-nfs");
 */
export class Naming {
  constructor(
    private readonly partOf: string,
    private readonly environment: string,
  ) {}

  /** For the kit's constructs. */
  identity(name: string, component: string): Identity {
    return { name, partOf: this.partOf, component, environment: this.environment };
  }

  /** For any other object; without a namespace it is cluster-scoped. */
  metadata(name: string, component: string, namespace?: string): ObjectMetadata {
    return metadataOf(this.identity(name, component), namespace);
  }
}

/** The selector of pods: only the name, because a selector cannot change later. */
export function selectorOf({ name }: Pick<Identity, "name">): Labels {
  return { "app.kubernetes.io/name": name };
}

/** Pods that serve DNS: kubeadm's CoreDNS has the label of its predecessor. */
export const CLUSTER_DNS = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } } as const;
