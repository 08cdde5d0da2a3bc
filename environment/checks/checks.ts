/** Everything that can be known to be wrong with an environment before it is planned. */
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../config";
import type { Finding } from "../findings";
import { errorsOf } from "../findings";
import { checkLifecycle } from "../lifecycle";
import { poolMembers } from "../plan/slots";
import { checkAccess } from "./access";
import { checkCluster } from "./cluster";
import { checkNetwork } from "./network";
import { checkPorts } from "./ports";
import { checkPool, checkServers } from "./servers";
import { checkTenantOf, checkTenants } from "./tenants";

/** All findings of one environment; for a tenant `owner` is the environment that its cluster belongs to. */
export function checkEnvironment(config: EnvironmentConfig, owner?: EnvironmentConfig): readonly Finding[] {
  if (isOwner(config)) return checkOwner(config);
  const balancer = config.servers.loadBalancer;
  const pools =
    balancer === undefined
      ? []
      : checkPool(
          poolMembers("loadBalancer", "loadBalancer", "servers.loadBalancer", balancer, 0, "loadBalancer"),
        );
  const own = [...checkTenantOf(config, owner), ...checkPorts(config), ...pools];
  const ofOwner = owner !== undefined && isOwner(owner) ? errorsOf(checkOwner(owner)) : [];
  return [
    ...own,
    ...ofOwner.map((each) => ({ ...each, path: `Pulumi.${owner?.name ?? ""}.yaml ${each.path}` })),
  ];
}

function checkOwner(config: OwnerConfig): readonly Finding[] {
  const network = checkNetwork(config);
  const ranged = network.some((each) => each.id.startsWith("range.") || each.id === "network.too-small")
    ? []
    : [...checkServers(config), ...checkTenants(config)];
  return [
    ...network,
    ...ranged,
    ...checkAccess(config),
    ...checkPorts(config),
    ...checkCluster(config),
    ...checkLifecycle(config),
  ];
}
