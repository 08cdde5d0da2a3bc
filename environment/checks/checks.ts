/** All checks of an environment before it is planned. */
import { isOwner, isTenant, type OwnerConfig } from "../config";
import { errorsOf, type Finding } from "../findings";
import { checkImages, checkLifecycle } from "../lifecycle";
import type { Claimed } from "../parts/claims";
import { plannedRanges } from "../plan/ranges";
import { checkAccess } from "./access";
import { checkSingleAddresses } from "./addresses";
import { checkClaims } from "./claims";
import { checkCluster } from "./cluster";
import { checkCredentials } from "./credentials";
import { checkOnExistingCluster } from "./existing-cluster";
import { checkInactive } from "./inactive";
import { checkIngress } from "./ingress";
import { checkNetworks } from "./network";
import { checkPoolCapacity } from "./pools";
import { checkPeople } from "./people";
import { checkPorts } from "./ports";
import { checkRanges } from "./ranges";
import { checkRules } from "./rules";
import { checkServers } from "./servers";
import { checkSoftware } from "./software";
import { checkTenant, checkTenantOf } from "./tenant-of";
import { checkTenantCapacity, checkTenants } from "./tenants";

/**
 * All findings of one environment.
 * @param owner of a tenant: the environment that owns its cluster
 * @param reserved namespaces that belong to components of every cluster
 */
export function checkEnvironment(
  { config, claims }: Claimed,
  owner: Claimed | undefined,
  reserved: readonly string[],
): readonly Finding[] {
  if (isOwner(config)) return checkOwner({ config, claims }, reserved);
  if (!isTenant(config)) return checkOnExistingCluster({ config, claims }, reserved);
  const own = [
    ...checkTenantOf({ config, claims }, owner?.config),
    ...checkTenant(config),
    ...checkClaims({ config, claims }, reserved),
    ...checkPorts({ config, claims }, owner?.config),
    ...checkImages(claims.images),
  ];
  if (owner === undefined || !isOwnersClaims(owner)) return own;
  const ofOwner = errorsOf(checkOwner(owner, reserved));
  return [
    ...own,
    ...ofOwner.map((each) => ({ ...each, path: `Pulumi.${owner.config.name}.yaml ${each.path}` })),
  ];
}

function isOwnersClaims(claimed: Claimed): claimed is Claimed<OwnerConfig> {
  return isOwner(claimed.config);
}

function checkOwner(
  { config, claims }: Claimed<OwnerConfig>,
  reserved: readonly string[],
): readonly Finding[] {
  return [
    ...checkAddresses(config),
    ...checkNetworks(config),
    ...checkServers(config),
    ...checkTenants({ config, claims }, reserved),
    ...checkClaims({ config, claims }, reserved),
    ...checkAccess(config),
    ...checkPeople({ config, claims }),
    ...checkPorts({ config, claims }),
    ...checkCluster({ config, claims }),
    ...checkSoftware(config),
    ...checkCredentials(config),
    ...checkLifecycle(config),
    ...checkIngress({ config, claims }),
    ...checkInactive(config),
    ...checkRules({ config, claims }),
    ...checkImages(claims.images),
  ];
}

/** Free addresses are only counted in valid ranges. */
function checkAddresses(config: OwnerConfig): readonly Finding[] {
  const ranges = checkRanges(config.network);
  if (ranges.length > 0) return ranges;
  return [
    ...checkSingleAddresses(config),
    ...checkPoolCapacity(config, plannedRanges(config.network)),
    ...checkTenantCapacity(config),
  ];
}
