/** What an owner opens for each tenant of its cluster. */
import { cidrText, parseCidr } from "../addresses";
import type { OwnerConfig, TenantConfig } from "../config";
import { addressInRange, TENANT_ADDRESSES, type Ranges } from "./ranges";
import type { TenantPlan } from "./types";

export function tenantPlans(config: OwnerConfig, ranges: Ranges): readonly TenantPlan[] {
  return Object.entries(config.tenants).map(([name, tenant]) => tenantPlan(name, tenant, ranges));
}

function tenantPlan(name: string, tenant: TenantConfig, ranges: Ranges): TenantPlan {
  return {
    name,
    ingress: tenant.ingress,
    ...(tenant.window === undefined ? {} : { window: tenant.window }),
    namespaces: tenant.namespaces,
    hosts: tenant.hosts,
    cidr: cidrText(parseCidr(`${addressInRange(ranges.tenants, tenant.slot * TENANT_ADDRESSES)}/30`)),
  };
}
