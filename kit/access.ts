/** The identity of a workload's pods in the Kubernetes API, and their rights. */
import { k8s, ServiceAccount } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type Identity } from "./names";

/** Verbs of Kubernetes; `*` is omitted, because its meaning can change with the next version. */
export type Verb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection"
  | "use"
  | "bind"
  | "escalate"
  | "impersonate"
  | "approve"
  | "sign";

/** Verbs on resources of the API. */
export interface ResourceRule {
  /** `""` is the core group: pods, services, secrets. */
  readonly apiGroups: readonly string[];
  /** In the plural, with a subresource after a slash: `ingresses/status`. */
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  /** Only objects with these names. @default all objects */
  readonly resourceNames?: readonly string[];
}

/** Verbs on paths that are not resources, such as `/healthz`. They are outside of all namespaces. */
export interface UrlRule {
  readonly nonResourceUrls: readonly string[];
  readonly verbs: readonly ("get" | "head" | "post" | "put" | "patch" | "delete")[];
}

/** A service account: its identity and namespace. */
export interface AccountProps extends Identity {
  readonly namespace: string;
}

/** A service account whose token pods do not get by default: a container mounts it, or the pod gives it to all. */
export class Account extends Construct {
  readonly name: string;
  readonly namespace: string;

  constructor(scope: Construct, id: string, props: AccountProps) {
    super(scope, id);
    this.name = props.name;
    this.namespace = props.namespace;
    new ServiceAccount(this, "ServiceAccount", {
      metadata: metadataOf(props, props.namespace),
      automountToken: false,
    });
  }
}

/** Rights apply to the whole cluster, the account's own namespace, or both; empty rights do not compile. */
export type RightsProps = Identity & {
  /** The account that gets them. */
  readonly account: Pick<Account, "name" | "namespace">;
} & (
    | { readonly everywhere: ClusterRules; readonly inNamespace?: NamespaceRules }
    | { readonly everywhere?: ClusterRules; readonly inNamespace: NamespaceRules }
  );

/** In all namespaces, and on cluster-scoped objects. */
type ClusterRules = readonly (ResourceRule | UrlRule)[];
/** In the account's namespace. Paths are in none. */
type NamespaceRules = readonly ResourceRule[];

/**
 * Roles of an account with their bindings, all named by the identity: a ClusterRole for `everywhere`, a Role for
 * `inNamespace`.
 * @throws Error if a rule names objects for a verb without names: Kubernetes accepts such a rule and never applies it
 */
export class Rights extends Construct {
  constructor(scope: Construct, id: string, props: RightsProps) {
    super(scope, id);
    if (props.everywhere !== undefined) this.everywhere(props, props.everywhere);
    if (props.inNamespace !== undefined) this.inNamespace(props, props.inNamespace);
  }

  private everywhere(props: RightsProps, rules: ClusterRules): void {
    const metadata = metadataOf(props);
    new k8s.KubeClusterRole(this, "ClusterRole", { metadata, rules: policyRules(props.name, rules) });
    new k8s.KubeClusterRoleBinding(this, "ClusterRoleBinding", {
      metadata,
      ...binding(props, "ClusterRole"),
    });
  }

  private inNamespace(props: RightsProps, rules: NamespaceRules): void {
    const metadata = metadataOf(props, props.account.namespace);
    new k8s.KubeRole(this, "Role", { metadata, rules: policyRules(props.name, rules) });
    new k8s.KubeRoleBinding(this, "RoleBinding", { metadata, ...binding(props, "Role") });
  }
}

function binding(
  { name, account }: RightsProps,
  kind: "ClusterRole" | "Role",
): Pick<k8s.KubeRoleBindingProps, "roleRef" | "subjects"> {
  return {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
    subjects: [{ kind: "ServiceAccount", name: account.name, namespace: account.namespace }],
  };
}

function policyRules(role: string, rules: ClusterRules): k8s.PolicyRule[] {
  return rules.map((rule) => {
    if ("nonResourceUrls" in rule) {
      return { nonResourceUrLs: [...rule.nonResourceUrls], verbs: [...rule.verbs] };
    }
    const { apiGroups, resources, verbs, resourceNames } = rule;
    if (resourceNames !== undefined) refuseNameless(role, rule, resourceNames);
    return {
      apiGroups: [...apiGroups],
      resources: [...resources],
      verbs: [...verbs],
      ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
    };
  });
}

/** A subresource is created on an object that already has a name. */
function refuseNameless(role: string, { resources, verbs }: ResourceRule, names: readonly string[]): void {
  const nameless = verbs.find((verb) => verb === "create" || verb === "deletecollection");
  if (nameless === undefined || resources.every((resource) => resource.includes("/"))) return;
  throw new Error(
    `${role}: a rule for ${resources.join(", ")} named ${names.join(", ")} allows "${nameless}", which Kubernetes cannot hold to a name; give "${nameless}" a rule without names`,
  );
}
