/** The pools of servers of a tenant. */
import type { TenantEnvironmentConfig } from "../config";
import { TENANT_ADDRESSES } from "./ranges";
import { poolMembers, type PoolMembers } from "./slots";

/** A tenant's servers come after its VIP. */
const SERVER_OFFSET = 1;
/** Maximum of load-balancer servers in a tenant's addresses, in addition to the VIP. */
export const TENANT_SERVERS = TENANT_ADDRESSES - SERVER_OFFSET;

/** A tenant's pools of servers: its load balancer, if it has one. */
export function tenantPools(config: TenantEnvironmentConfig): readonly PoolMembers[] {
  const balancer = config.servers.loadBalancer;
  if (balancer === undefined) return [];
  return [
    poolMembers(
      "loadBalancer",
      "loadBalancer",
      "servers.loadBalancer",
      balancer,
      SERVER_OFFSET,
      "loadBalancer",
    ),
  ];
}
