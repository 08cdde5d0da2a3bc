/** What keeps an owner from being destroyed under its tenants, whichever tool does it. */
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentPlan } from "../environment/plan/types";
import { tenantKind } from "../environment/tenancy";
import { TenantProtection, type ApiRoute, type LabsteadProvider } from "../provider/sdk";
import { under, type Placed } from "./parent";

/** How our own provider comes to the cluster. */
export interface ClusterLink {
  readonly provider: LabsteadProvider;
  readonly kubeconfig: pulumi.Output<string>;
  /** What messages call the cluster. */
  readonly cluster: string;
  readonly how: ApiRoute;
}

/** Resources that a transformation has seen, growing as they are registered: nobody can forget to hand one over. */
export interface Registrations {
  readonly resources: readonly pulumi.Resource[];
  readonly transformation: pulumi.ResourceTransformation;
}

/** Of whatever the transformation is given to: a component, for what is below it. */
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

/** Of this program, from here on. */
export function stackRegistrations(): readonly pulumi.Resource[] {
  const { resources, transformation } = registrations();
  pulumi.runtime.registerStackTransformation(transformation);
  return resources;
}

/**
 * An owner with tenants gets a protection that depends on everything: the engine deletes it before anything else, also
 * where the program is not run, and stops there when it refuses.
 * @param everything to be kept while a tenant lives
 */
export function protectTenants(
  plan: EnvironmentPlan,
  { provider, ...link }: ClusterLink,
  everything: readonly pulumi.Resource[],
  placed: Placed = {},
): void {
  if (plan.tenants.length === 0) return;
  // Components hold nothing themselves, and what they hold is here.
  const dependsOn = everything.filter((each) => pulumi.CustomResource.isInstance(each));
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
