/** What an owner opens for each tenant of its cluster. */
import { parseCidr, cidrText, type AddressRange } from "../addresses";
import type { OwnerConfig, TenantConfig } from "../config";
import { addressInRange, TENANT_ADDRESSES, type Ranges } from "./ranges";
import type { NetworkPlan, TenantPlan } from "./types";

export function tenantPlans(
  config: OwnerConfig,
  network: NetworkPlan,
  ranges: Ranges,
): readonly TenantPlan[] {
  return Object.entries(config.tenants).map(([name, tenant]) => ({
    name,
    ingress: tenant.ingress,
    ...(tenant.window === undefined ? {} : { window: tenant.window }),
    namespaces: tenant.namespaces,
    hosts: tenant.hosts,
    cidr: sourceOf(tenant, network, ranges),
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

/** If Neutron chooses addresses, as it always does for Octavia's amphorae, the whole network is admitted. */
function sourceOf(tenant: TenantConfig, network: NetworkPlan, ranges: Ranges): string {
  if (tenant.edge === "octavia" || !network.fixedAddresses) return network.cidr;
  return cidrText(parseCidr(`${tenantBlock(tenant, ranges).start}/30`));
}
