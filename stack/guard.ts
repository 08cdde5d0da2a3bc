/** Protects an owner from being destroyed while it has tenants, whichever tool does it. */
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentPlan } from "../environment/plan/types";
import { tenantKind } from "../environment/tenancy";
import { TenantProtection, type ApiRoute, type LabsteadProvider } from "../provider/sdk";
import { under, type Placed } from "./parent";

/** How our own provider reaches the cluster. */
export interface ClusterLink {
  readonly provider: LabsteadProvider;
  readonly kubeconfig: pulumi.Output<string>;
  /** Name of the cluster in messages. */
  readonly cluster: string;
  readonly how: ApiRoute;
}

/** Resources collected by a transformation as they are registered, so that none is missing. */
export interface Registrations {
  readonly resources: readonly pulumi.Resource[];
  readonly transformation: pulumi.ResourceTransformation;
}

/** Registrations below the component that gets the transformation. */
export function registrations(): Registrations {
  const resources: pulumi.Resource[] = [];
  return {
    resources,
    transformation: ({ resource }) => {
      resources.push(resource);
      return undefined;
    },
  };
}

/** All registrations of this program from now on. */
export function stackRegistrations(): readonly pulumi.Resource[] {
  const { resources, transformation } = registrations();
  pulumi.runtime.registerStackTransformation(transformation);
  return resources;
}

/**
 * An owner with tenants gets a protection that depends on everything: the engine deletes it before anything else, also
 * where the program is not run, and stops there when it refuses.
 * @param resources to be kept while a tenant exists
 */
export function protectTenants(
  plan: EnvironmentPlan,
  { provider, ...link }: ClusterLink,
  resources: readonly pulumi.Resource[],
  placed: Placed = {},
): void {
  if (plan.tenants.length === 0) return;
  // Components have no resources of their own; their children are included.
  const dependsOn = resources.filter((each) => pulumi.CustomResource.isInstance(each));
  const tenants = plan.tenants.map(({ name, namespaces }) => [name, { namespaces }] as const);
  new TenantProtection(
    "tenants",
    {
      ...link,
      environment: plan.environment,
      tenants: Object.fromEntries(tenants),
      namespacesBy: tenantKind(plan.cluster.version) === "prepared" ? "owner" : "tenant",
    },
    { provider, dependsOn, ...under(placed) },
  );
}
