/** Access of a tenant of a shared cluster to one namespace. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { TENANT_NAMESPACE_ROLE, tenantPrincipal } from "../environment/tenancy";
import { metadataOf, type Identity } from "./names";

/** The tenant that gets its role, and the namespace. */
export interface TenantAccessProps extends Omit<Identity, "name"> {
  readonly namespace: string;
  readonly tenant: string;
}

/** Binds a tenant's group to the one role that tenants have inside their namespaces. */
export class TenantAccess extends Construct {
  constructor(scope: Construct, id: string, props: TenantAccessProps) {
    super(scope, id);
    const { namespace, tenant } = props;
    const name = TENANT_NAMESPACE_ROLE;
    const apiGroup = "rbac.authorization.k8s.io";
    new k8s.KubeRoleBinding(this, "RoleBinding", {
      metadata: metadataOf({ ...props, name }, namespace),
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: [{ apiGroup, kind: "Group", name: tenantPrincipal(tenant) }],
    });
  }
}
