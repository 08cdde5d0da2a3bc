/** The infrastructure API's identity in Kubernetes. */
import {
  ClusterRole,
  ClusterRoleBinding,
  RoleBinding,
  ServiceAccount,
  type IClusterRole,
} from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type ObjectMetadata } from "../../kit";
import { DATALAB_ROLES } from "./cluster-roles";
import { identityOf } from "./identity";
import type { DatalabProps } from "./props";

export const INFRASTRUCTURE_ACCOUNT = "infrastructure-service-account";

/**
 * The service account with its rights: in its own namespace, and where `bindIn` adds them. It has no cluster-wide
 * rights, with which it could read every Secret, and start pods with the rights of any service account.
 */
export class InfrastructureAccess extends Construct {
  private readonly account: ServiceAccount;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DatalabProps,
  ) {
    super(scope, id);
    this.account = new ServiceAccount(this, "ServiceAccount", {
      metadata: this.metadata(INFRASTRUCTURE_ACCOUNT, props.namespace),
      automountToken: false,
    });
    this.bindIn(this, props.namespace);
    if (props.tenancy.kind === "owner") this.bindHealthCheck();
  }

  /** Rights to create users' stacks in a namespace. */
  bindIn(scope: Construct, namespace: string): RoleBinding {
    const name = "infrastructure-management";
    const role = this.role(scope, DATALAB_ROLES.infrastructureInNamespace);
    const binding = new RoleBinding(scope, name, { metadata: this.metadata(name, namespace), role });
    binding.addSubjects(this.account);
    return binding;
  }

  /** The name contains the namespace: several labs of a cluster may bind the role. Tenants need none for `/healthz`. */
  private bindHealthCheck(): void {
    const name = "infrastructure-management-health";
    const metadata = this.metadata(`${name}-${this.props.namespace}`);
    const role = this.role(this, DATALAB_ROLES.healthCheck);
    new ClusterRoleBinding(this, name, { metadata, role }).addSubjects(this.account);
  }

  private role(scope: Construct, name: string): IClusterRole {
    return ClusterRole.fromClusterRoleName(scope, `${name}-reference`, name);
  }

  private metadata(name: string, namespace?: string): ObjectMetadata {
    return metadataOf(identityOf(this.props, name, "access"), namespace);
  }
}
