/** Everything that can be known to be wrong with an environment before it is planned. */
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../config";
import { errorsOf, type Finding } from "../findings";
import { checkAppLifecycle, checkLifecycle } from "../lifecycle";
import { plannedRanges } from "../plan/ranges";
import { checkAccess } from "./access";
import { checkCluster } from "./cluster";
import { checkCredentials } from "./credentials";
import { checkNetworks } from "./network";
import { checkRoom } from "./pools";
import { checkPeople } from "./people";
import { checkPorts } from "./ports";
import { checkRanges } from "./ranges";
import { checkServers } from "./servers";
import { checkSoftware } from "./software";
import { checkTenant, checkTenantOf } from "./tenant-of";
import { checkTenantRoom, checkTenants } from "./tenants";
import { checkZones } from "./zones";

/** All findings of one environment; for a tenant `owner` is the environment that its cluster belongs to. */
export function checkEnvironment(config: EnvironmentConfig, owner?: EnvironmentConfig): readonly Finding[] {
  if (isOwner(config)) return checkOwner(config);
  const own = [
    ...checkTenantOf(config, owner),
    ...checkTenant(config),
    ...checkPorts(config),
    ...checkAppLifecycle(config),
  ];
  if (owner === undefined || !isOwner(owner)) return own;
  const ofOwner = errorsOf(checkOwner(owner));
  return [...own, ...ofOwner.map((each) => ({ ...each, path: `Pulumi.${owner.name}.yaml ${each.path}` }))];
}

function checkOwner(config: OwnerConfig): readonly Finding[] {
  return [
    ...checkAddresses(config),
    ...checkNetworks(config),
    ...checkServers(config),
    ...checkZones(config),
    ...checkTenants(config),
    ...checkAccess(config),
    ...checkPeople(config),
    ...checkPorts(config),
    ...checkCluster(config),
    ...checkSoftware(config),
    ...checkCredentials(config),
    ...checkLifecycle(config),
    ...checkAppLifecycle(config),
  ];
}

/** Room is only counted in ranges that stand. */
function checkAddresses(config: OwnerConfig): readonly Finding[] {
  const ranges = checkRanges(config.network);
  if (ranges.length > 0) return ranges;
  return [...checkRoom(config, plannedRanges(config.network)), ...checkTenantRoom(config)];
}
