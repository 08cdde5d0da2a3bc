/**
 * Rights in a local cluster, as RBAC decides them: by the roles and bindings in the cluster itself. No
 * admission policies, no escalation check; a real API server is asked for those in the tests.
 */
import type { PlainMap, PropertyMap } from "../../provider-protocol";
import type { ClusterApi, ObjectName, WriteOptions } from "./api";
import { ApiError, resourceOf } from "./api-error";
import { identityOf, listAt, mapAt, mapsAt, textAt } from "./fields";
import type { Kind } from "./kinds";
import { objectNameOf } from "./naming";

/** The identity in a client certificate. */
export interface ClientIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

type Verb = "get" | "list" | "watch" | "create" | "patch" | "delete";

/** A request to be authorized. */
interface Attempt {
  readonly verb: Verb;
  readonly kind: Kind;
  /** Empty for all names. */
  readonly name: string;
  /** Empty for the whole cluster. */
  readonly namespace: string;
}

/** Groups that every cluster of kubeadm binds to cluster-admin. */
const ADMINISTRATORS = ["system:masters", "kubeadm:cluster-admins"];

/** The group of the kinds that give rights. */
export const RIGHTS_GROUP = "rbac.authorization.k8s.io";

/** A cluster that gives its objects of RBAC. */
export interface RightsSource extends ClusterApi {
  rights(): Iterable<PlainMap>;
}

/** The cluster for one client: what RBAC does not allow is refused, with the API server's message. */
export class AuthorizedApi implements ClusterApi {
  constructor(
    private readonly cluster: RightsSource,
    private readonly who: ClientIdentity,
  ) {}

  kind(apiVersion: string, kind: string): Kind | undefined {
    return this.cluster.kind(apiVersion, kind);
  }

  preferredKind(group: string, kind: string): Kind | undefined {
    return this.cluster.preferredKind(group, kind);
  }

  /** By server-side apply, which reads first, and needs both rights where nothing exists yet. */
  async create(kind: Kind, manifest: PropertyMap, options: WriteOptions): Promise<PlainMap> {
    this.require(kind, objectNameOf(manifest), ["get", "patch", "create"]);
    return this.cluster.create(kind, manifest, options);
  }

  async apply(kind: Kind, manifest: PropertyMap, options: WriteOptions): Promise<PlainMap> {
    const name = objectNameOf(manifest);
    this.require(kind, name, ["get", "patch"]);
    if ((await this.cluster.get(kind, name)) === undefined) this.require(kind, name, ["create"]);
    return this.cluster.apply(kind, manifest, options);
  }

  async get(kind: Kind, name: ObjectName): Promise<PlainMap | undefined> {
    this.require(kind, name, ["get"]);
    return this.cluster.get(kind, name);
  }

  async list(kind: Kind, namespace: string): Promise<readonly PlainMap[]> {
    this.require(kind, { namespace, name: "" }, ["list"]);
    return this.cluster.list(kind, namespace);
  }

  async delete(kind: Kind, name: ObjectName): Promise<void> {
    this.require(kind, name, ["delete"]);
    return this.cluster.delete(kind, name);
  }

  async gone(kind: Kind, name: ObjectName): Promise<void> {
    this.require(kind, { ...name, name: "" }, ["list", "watch"]);
    return this.cluster.gone(kind, name);
  }

  private require(kind: Kind, { namespace, name }: ObjectName, verbs: readonly Verb[]): void {
    for (const verb of verbs) {
      // A name that is still to come is no name to RBAC.
      const attempt = { verb, kind, namespace, name: verb === "create" ? "" : name };
      if (!this.may(attempt)) throw refused(this.who, attempt);
    }
  }

  private may(attempt: Attempt): boolean {
    const { user, groups } = this.who;
    if (groups.some((group) => ADMINISTRATORS.includes(group))) return true;
    const rights = [...this.cluster.rights()];
    const binds = (binding: PlainMap): boolean =>
      mapsAt(binding, "subjects").some((subject) => {
        const [kind, name] = [textAt(subject, "kind"), textAt(subject, "name")];
        return kind === "Group" ? groups.includes(name) : kind === "User" && name === user;
      });
    return rights
      .filter((each) => holdsIn(each, attempt.namespace) && binds(each))
      .some((binding) =>
        mapsAt(roleOf(binding, rights) ?? {}, "rules").some((rule) => allows(rule, attempt)),
      );
  }
}

/** Whether an object is a binding that reaches a namespace. */
function holdsIn(object: PlainMap, namespace: string): boolean {
  switch (textAt(object, "kind")) {
    case "ClusterRoleBinding":
      return true;
    case "RoleBinding":
      return namespace !== "" && identityOf(object).namespace === namespace;
    default:
      return false;
  }
}

function roleOf(binding: PlainMap, rights: readonly PlainMap[]): PlainMap | undefined {
  const wanted = mapAt(binding, "roleRef");
  const kind = textAt(wanted, "kind");
  const namespace = kind === "Role" ? identityOf(binding).namespace : "";
  return rights.find((each) => {
    const found = identityOf(each);
    return textAt(each, "kind") === kind && found.name === wanted["name"] && found.namespace === namespace;
  });
}

function allows(rule: PlainMap, { verb, kind, name }: Attempt): boolean {
  const lists = (field: string, value: string): boolean =>
    listAt(rule, field).some((each) => each === value || each === "*");
  const names = listAt(rule, "resourceNames");
  return (
    lists("verbs", verb) &&
    lists("apiGroups", kind.group) &&
    lists("resources", pluralOf(kind)) &&
    (names.length === 0 || names.includes(name))
  );
}

function pluralOf(kind: Kind): string {
  return resourceOf({ ...kind, group: "" });
}

function refused({ user }: ClientIdentity, { verb, kind, name, namespace }: Attempt): ApiError {
  const what = `${resourceOf(kind)}${name === "" ? "" : ` "${name}"`}`;
  const where = kind.namespaced ? `in the namespace "${namespace}"` : "at the cluster scope";
  return new ApiError(
    "Forbidden",
    `${what} is forbidden: User "${user}" cannot ${verb} resource "${pluralOf(kind)}" in API group "${kind.group}" ${where}`,
  );
}
