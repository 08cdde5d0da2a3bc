/** What plans copy from the configuration and the parts' claims without a decision. */
import { isOwner, type EnvironmentConfig, type ServersEnvironmentConfig } from "../config";
import { environmentEffects } from "../effects/environment";
import { withMigrationStage } from "../effects/ingress";
import { servedHosts, type Claimed } from "../parts/claims";
import { fixedSettings, type FixedSetting } from "../parts/effects";
import { commonTags } from "./network";
import { deploymentPlan } from "./deployment";
import { pricesPlan } from "./prices";
import { serverSettings } from "./settings";
import type { EnvironmentPlan } from "./types";

type Declared = Pick<
  EnvironmentPlan,
  | "environment"
  | "domain"
  | "hosts"
  | "namespaces"
  | "flows"
  | "nfsMounts"
  | "seats"
  | "fixedSettings"
  | "deployment"
  | "allowedChanges"
>;
type DeclaredOfServers = Declared & Pick<EnvironmentPlan, "tags" | "metadata" | "project" | "settings">;

/** Of an environment of any kind. */
export function declared({ config, claims }: Claimed): Declared {
  return {
    environment: config.name,
    domain: config.domain,
    hosts: servedHosts(claims),
    namespaces: config.namespaces,
    flows: claims.flows,
    nfsMounts: claims.nfsMounts.map(({ path }) => path),
    seats: claims.seats,
    fixedSettings: [...ownFixedSettings(config), ...claims.fixedSettings],
    deployment: deploymentPlan(config),
    allowedChanges: config.changes.allow,
  };
}

function ownFixedSettings(config: EnvironmentConfig): readonly FixedSetting[] {
  const settings = fixedSettings(environmentEffects(config), config);
  return isOwner(config) ? settings.map((each) => withMigrationStage(each, config.ingress)) : settings;
}

/** Of an environment that has servers. */
export function declaredOfServers({ config, claims }: Claimed<ServersEnvironmentConfig>): DeclaredOfServers {
  return {
    ...declared({ config, claims }),
    tags: commonTags(config),
    metadata: config.metadata,
    project: {
      flavors: config.flavors,
      limits: config.quota,
      ...(config.prices && { prices: pricesPlan(config.prices) }),
    },
    settings: serverSettings(config),
  };
}
