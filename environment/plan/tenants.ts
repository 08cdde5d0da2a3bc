/** What an owner opens for each tenant of its cluster. */
import { parseCidr, cidrText, type AddressRange } from "../addresses";
import type { OwnerConfig, TenantConfig } from "../config";
import { addressInRange, TENANT_ADDRESSES, type Ranges } from "./ranges";
import type { TenantPlan } from "./types";

export function tenantPlans(config: OwnerConfig, ranges: Ranges): readonly TenantPlan[] {
  return Object.entries(config.tenants).map(([name, tenant]) => ({
    name,
    ingress: tenant.ingress,
    ...(tenant.window === undefined ? {} : { window: tenant.window }),
    namespaces: tenant.namespaces,
    hosts: tenant.hosts,
    cidr: sourceOf(config, tenant, ranges),
  }));
}

/** A tenant's own four addresses: its VIP, then its load-balancer servers. */
export function tenantBlock(tenant: TenantConfig, ranges: Ranges): AddressRange {
  const first = tenant.slot * TENANT_ADDRESSES;
  return {
    start: addressInRange(ranges.tenants, first),
    end: addressInRange(ranges.tenants, first + TENANT_ADDRESSES - 1),
  };
}

/** Octavia's amphorae have addresses of Neutron's choice, so for them the whole network is let in. */
function sourceOf(config: OwnerConfig, tenant: TenantConfig, ranges: Ranges): string {
  switch (tenant.edge) {
    case "haproxy":
      return cidrText(parseCidr(`${tenantBlock(tenant, ranges).start}/30`));
    case "octavia":
      return config.network.cidr;
  }
}
