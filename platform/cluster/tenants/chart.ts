/**
 * The rights of a cluster's tenants, created by its owner: one set for each tenant, bound to the group of its client
 * certificate.
 *
 * From Kubernetes 1.30 on a tenant creates its namespaces and its entry itself, and an admission policy limits it to
 * what the owner assigned. Older releases have no such policies: the owner creates a tenant's namespaces and its entry,
 * and the tenant has rights only inside its namespaces. RBAC cannot limit hosts and NodePorts there, so the tenant is
 * trusted.
 */
import { Chart, type App } from "cdk8s";
import { k8s, Namespace } from "cdk8s-plus-27";
import { Construct, type IConstruct } from "constructs";
import { INGRESS_NAMESPACE, INGRESS_WORKLOADS } from "../../../environment/ingress-controller";
import type { TenantPlan } from "../../../environment/plan/types";
import { tenantKind, tenantPrincipal } from "../../../environment/tenancy";
import {
  AdmissionPolicy,
  TENANT_NAMESPACE_ROLE,
  labelsOf,
  metadataOf,
  Naming,
  podSecurityLabels,
  TenantAccess,
  type Identity,
  type ObjectMetadata,
} from "../../../kit";
import { entryName, IngressEntry } from "../ingress-entry/chart";
import { tenantPolicy } from "./policy";
import { entryRights, CLUSTER_RULES, IN_NAMESPACE, openingRights } from "./rights";

/** The tenants, and the Kubernetes release that decides how they are limited. */
export interface TenantsChartProps {
  readonly environment: string;
  readonly tenants: readonly TenantPlan[];
  /** Of the cluster: `1.36`. */
  readonly version: string;
  /** Deployment of the ingress controller to which entries lead. @default ingress-nginx's */
  readonly controller?: string;
}

const API_GROUP = "rbac.authorization.k8s.io";
const COMPONENT = "tenancy";

/** Access of tenants to the cluster: roles, bindings, and admission policies. */
export class TenantsChart extends Chart {
  private readonly controller: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TenantsChartProps,
  ) {
    super(scope, id);
    this.controller = props.controller ?? INGRESS_WORKLOADS["ingress-nginx"];
    this.clusterRole(this, TENANT_NAMESPACE_ROLE, IN_NAMESPACE);
    for (const tenant of props.tenants) {
      const place = new Construct(this, tenant.name);
      if (tenantKind(props.version) === "guarded") this.guarded(place, tenant);
      else this.prepared(place, tenant);
    }
  }

  /** The policy is created first and deleted last: without it the rights would not be limited. */
  private guarded(scope: Construct, tenant: TenantPlan): void {
    const policy = this.policy(scope, tenant);
    const rights = new Construct(scope, "Rights");
    rights.node.addDependency(policy);
    const name = rightsName(tenant);
    this.clusterRole(rights, name, [...CLUSTER_RULES, ...openingRights(tenant.namespaces)]);
    this.bindInCluster(rights, tenant);
    const metadata = this.metadata(name, INGRESS_NAMESPACE);
    new k8s.KubeRole(rights, "EntryRole", { metadata, rules: [...entryRights(entryName(tenant.name))] });
    new k8s.KubeRoleBinding(rights, "EntryRoleBinding", {
      metadata,
      roleRef: { apiGroup: API_GROUP, kind: "Role", name },
      subjects: subjects(tenant),
    });
  }

  private prepared(scope: Construct, tenant: TenantPlan): void {
    this.clusterRole(scope, rightsName(tenant), CLUSTER_RULES);
    this.bindInCluster(scope, tenant);
    for (const namespace of tenant.namespaces) {
      const place = new Construct(scope, namespace);
      const identity = this.identity(namespace, tenant.name);
      const made = new Namespace(place, "Namespace", {
        metadata: { name: namespace, labels: { ...labelsOf(identity), ...podSecurityLabels("baseline") } },
      });
      const access = new TenantAccess(place, "Access", { ...identity, namespace, tenant: tenant.name });
      access.node.addDependency(made);
    }
    new IngressEntry(scope, "Entry", {
      environment: tenant.name,
      controller: this.controller,
      ...tenant.ingress,
    });
  }

  private policy(scope: Construct, tenant: TenantPlan): IConstruct {
    const { environment, version } = this.props;
    return new AdmissionPolicy(scope, "Policy", {
      ...this.identity(rightsName(tenant), environment),
      ...tenantPolicy(tenant, version, this.controller),
    });
  }

  private clusterRole(scope: Construct, name: string, rules: readonly k8s.PolicyRule[]): void {
    new k8s.KubeClusterRole(scope, "ClusterRole", { metadata: this.metadata(name), rules: [...rules] });
  }

  private bindInCluster(scope: Construct, tenant: TenantPlan): void {
    const name = rightsName(tenant);
    new k8s.KubeClusterRoleBinding(scope, "ClusterRoleBinding", {
      metadata: this.metadata(name),
      roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name },
      subjects: subjects(tenant),
    });
  }

  private metadata(name: string, namespace?: string): ObjectMetadata {
    return metadataOf(this.identity(name, this.props.environment), namespace);
  }

  private identity(name: string, environment: string): Identity {
    return new Naming("labstead", environment).identity(name, COMPONENT);
  }
}

function rightsName({ name }: TenantPlan): string {
  return `labstead-tenant-${name}`;
}

function subjects({ name }: TenantPlan): k8s.Subject[] {
  return [{ apiGroup: API_GROUP, kind: "Group", name: tenantPrincipal(name) }];
}

export function tenantsCharts(scope: App, plan: TenantsChartProps): void {
  new TenantsChart(scope, "tenants", plan);
}
