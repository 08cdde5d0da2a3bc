/** What runs in the cluster before any application, as charts. */
import type { App, Chart } from "cdk8s";
import { isOwner } from "../../environment/config";
import { finding, type Finding } from "../../environment/findings";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { tenancyOf } from "../../environment/tenancy";
import { ClusterRolesChart } from "./cluster-roles";
import { IngressNginxChart } from "./ingress-nginx";
import { IngressEntryChart } from "./ingress-entry";
import { PeopleChart } from "./people";
import { SharedStorageChart, sharedStorageProps } from "./shared-storage";
import { StorageChart } from "./storage";
import { TenantsChart, type TenantsChartProps } from "./tenants";

/**
 * The charts of an environment, side by side, never nested. The cluster's owner makes what all share; a tenant makes
 * nothing but its own entry to the shared ingress controller, where it may.
 * @throws Error where the owner asks for an ingress controller that is not rendered
 */
export function clusterCharts(scope: App, plan: EnvironmentPlan): readonly Chart[] {
  if (!isOwner(plan.config)) {
    const { kind } = tenancyOf(plan);
    return kind === "guarded" ? [new IngressEntryChart(scope, "ingress-entry", plan)] : [];
  }
  const { ingress, storage } = plan.config;
  const shared = sharedStorageProps(plan);
  if (ingress.kind !== "ingress-nginx") {
    throw new Error(`ingress.kind: ${ingress.kind} is not rendered; write ingress-nginx`);
  }
  return [
    new ClusterRolesChart(scope, "cluster-roles", { environment: plan.environment }),
    new StorageChart(scope, "storage", { environment: plan.environment, block: storage.block }),
    ...(shared === undefined ? [] : [new SharedStorageChart(scope, "shared-storage", shared)]),
    new IngressNginxChart(scope, "ingress-nginx", {
      environment: plan.environment,
      proxyProtocol: ingress.proxyProtocol,
    }),
    new IngressEntryChart(scope, "ingress-entry", plan),
    ...(plan.people.length === 0 ? [] : [new PeopleChart(scope, "people", plan)]),
    ...(plan.tenants.length === 0 ? [] : [new TenantsChart(scope, "tenants", tenantsOf(plan))]),
  ];
}

function tenantsOf({ environment, tenants, cluster }: EnvironmentPlan): TenantsChartProps {
  return { environment, tenants, version: cluster.version };
}

/** What the configuration allows and no chart renders yet; errors, so that nothing is half made. */
export function clusterFindings({ config }: EnvironmentPlan): readonly Finding[] {
  if (!isOwner(config) || config.ingress.kind === "ingress-nginx") return [];
  const explanation = `"${config.ingress.kind}" is not rendered by this version`;
  return [finding("config.invalid", "ingress.kind", explanation, "write ingress-nginx")];
}

export { ClusterRolesChart } from "./cluster-roles";
export { IngressEntryChart } from "./ingress-entry";
export { IngressNginxChart } from "./ingress-nginx";
export { PeopleChart } from "./people";
export {
  SharedStorageChart,
  sharedStorageProps,
  type SharedStorageChartProps,
  type SharedStorageSource,
} from "./shared-storage";
export { StorageChart } from "./storage";
export { TenantsChart, type TenantsChartProps } from "./tenants";
