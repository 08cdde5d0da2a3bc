/** The Namespace of a lab, depending on who may create it. */
import { Namespace } from "cdk8s-plus-27";
import type { IConstruct, Construct } from "constructs";
import { deployOptions } from "../../deploy/object-options";
import { assertNever } from "../../errors/assert-never";
import type { Tenancy } from "../../environment/tenancy";
import { TenantAccess, type Identity, type Labels, type PodSecurityLevel } from "../../kit";
import { namespaceLabels } from "./labels";

/** A namespace, named by its identity. */
export interface CreatedNamespaceProps extends Identity {
  /** Decides who creates the Namespace, and the creator's rights inside. */
  readonly tenancy: Tenancy;
  /** In addition to those of its identity, the rules and the level. @default none */
  readonly labels?: Labels;
  /** The enforced level of Pod Security. */
  readonly enforce: PodSecurityLevel;
  /** Minor version of the cluster, whose definition of the levels holds. @default the API server's own */
  readonly version?: string;
  /** Whether it is kept, with its contents, when it is removed from the program. @default false */
  readonly keep?: boolean;
  /** Whether somebody else has made it, with the same labels, and deletes it. @default false */
  readonly exists?: boolean;
}

/**
 * A tenant that creates a namespace binds itself the rights in it that its owner allows.
 * @returns the object that must exist before any other in the namespace; undefined if the owner creates it
 */
export function createNamespace(scope: Construct, props: CreatedNamespaceProps): IConstruct | undefined {
  const { tenancy, name: namespace } = props;
  switch (tenancy.kind) {
    case "owner":
      return props.exists === true ? undefined : namespaceOf(scope, props);
    case "guarded": {
      const { tenant } = tenancy;
      const access = new TenantAccess(scope, "Access", { ...props, namespace, tenant });
      if (props.exists !== true) access.node.addDependency(namespaceOf(scope, props));
      return access;
    }
    case "prepared":
      return undefined;
    default:
      return assertNever(tenancy);
  }
}

function namespaceOf(scope: Construct, props: CreatedNamespaceProps): Namespace {
  const made = new Namespace(scope, "Namespace", {
    metadata: {
      name: props.name,
      labels: { ...namespaceLabels({ ...props, rules: props.tenancy.kind === "owner" }), ...props.labels },
    },
  });
  if (props.keep === true) deployOptions(made, { retainOnDelete: true });
  return made;
}
