/** What keeps an owner from being destroyed under its tenants, whichever tool does it. */
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentPlan } from "../environment/plan/types";
import { tenantKind } from "../environment/tenancy";
import { TenantProtection, type ApiRoute, type LabsteadProvider } from "../provider/sdk";

/** How our own provider comes to the cluster. */
export interface ClusterLink {
  readonly provider: LabsteadProvider;
  readonly kubeconfig: pulumi.Output<string>;
  /** What messages call the cluster. */
  readonly cluster: string;
  readonly how: ApiRoute;
}

/**
 * Resources of this program from here on, growing as they are registered. Nobody hands them over, so nobody can forget
 * to.
 */
export function registrations(): readonly pulumi.Resource[] {
  const registered: pulumi.Resource[] = [];
  pulumi.runtime.registerStackTransformation(({ resource }) => {
    registered.push(resource);
    return undefined;
  });
  return registered;
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
    { provider, dependsOn },
  );
}
