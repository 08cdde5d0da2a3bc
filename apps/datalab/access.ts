/** Who the infrastructure API is to Kubernetes. */
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
 * The service account with its roles. An owner's manages projects in namespaces of their own, so it is bound for the
 * whole cluster. A tenant's is bound in its namespace; `/healthz` is open to every signed-in client without a role.
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
    if (props.tenancy.kind === "owner") {
      this.bindInCluster("infrastructure-management", DATALAB_ROLES.infrastructureManagement);
      this.bindInCluster("infrastructure-management-health", DATALAB_ROLES.healthCheck);
    } else {
      this.bindInNamespace("infrastructure-management", DATALAB_ROLES.infrastructureInNamespace);
    }
  }

  /** The namespace is part of the name: several labs of a cluster may bind the same role. */
  private bindInCluster(name: string, role: string): void {
    const metadata = this.metadata(`${name}-${this.props.namespace}`);
    new ClusterRoleBinding(this, name, { metadata, role: this.role(role) }).addSubjects(this.account);
  }

  private bindInNamespace(name: string, role: string): void {
    const metadata = this.metadata(name, this.props.namespace);
    new RoleBinding(this, name, { metadata, role: this.role(role) }).addSubjects(this.account);
  }

  private role(name: string): IClusterRole {
    return ClusterRole.fromClusterRoleName(this, `${name}-reference`, name);
  }

  private metadata(name: string, namespace?: string): ObjectMetadata {
    return metadataOf(identityOf(this.props, name, "access"), namespace);
  }
}
