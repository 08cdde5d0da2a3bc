/** The Namespace of a lab, depending on who may create it. */
import { Namespace } from "cdk8s-plus-27";
import type { IConstruct, Construct } from "constructs";
import { deployOptions } from "../../deploy/object-options";
import { assertNever } from "../../errors/assert-never";
import type { Tenancy } from "../../environment/tenancy";
import { labelsOf, RULES_LABEL, TenantAccess, type Identity } from "../../kit";

/** A namespace, named by its identity. */
export interface CreatedNamespaceProps extends Identity {
  /** Decides who creates the Namespace, and the creator's rights inside. */
  readonly tenancy: Tenancy;
  /** In addition to those of its identity. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it is kept, with its contents, when it is removed from the program. @default false */
  readonly keep?: boolean;
}

/**
 * A tenant that creates a namespace binds itself the rights in it that its owner allows.
 * @returns the object that must exist before any other in the namespace; undefined if the owner creates it
 */
export function createNamespace(scope: Construct, props: CreatedNamespaceProps): IConstruct | undefined {
  const { tenancy, name: namespace } = props;
  switch (tenancy.kind) {
    case "owner":
      return namespaceOf(scope, props);
    case "guarded": {
      const { tenant } = tenancy;
      const access = new TenantAccess(scope, "Access", { ...props, namespace, tenant });
      access.node.addDependency(namespaceOf(scope, props));
      return access;
    }
    case "prepared":
      return undefined;
    default:
      return assertNever(tenancy);
  }
}

/** The rules of the cluster apply to an owner's namespaces by a label, and to a tenant's by their names. */
function rulesOf({ tenancy, environment }: CreatedNamespaceProps): Readonly<Record<string, string>> {
  return tenancy.kind === "owner" ? { [RULES_LABEL]: environment } : {};
}

function namespaceOf(scope: Construct, props: CreatedNamespaceProps): Namespace {
  const made = new Namespace(scope, "Namespace", {
    metadata: { name: props.name, labels: { ...labelsOf(props), ...rulesOf(props), ...props.labels } },
  });
  if (props.keep === true) deployOptions(made, { retainOnDelete: true });
  return made;
}
