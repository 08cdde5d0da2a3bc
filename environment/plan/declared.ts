/** What plans copy from the configuration and the parts' claims without a decision. */
import type { ServersEnvironmentConfig } from "../config";
import { environmentEffects } from "../effects/environment";
import { servedHosts, type Claimed } from "../parts/claims";
import { fixedSettings } from "../parts/effects";
import { commonTags } from "./network";
import { serverSettings } from "./settings";
import type { EnvironmentPlan } from "./types";

type Declared = Pick<
  EnvironmentPlan,
  "environment" | "domain" | "hosts" | "flows" | "fixedSettings" | "allowedChanges"
>;
type DeclaredOfServers = Declared & Pick<EnvironmentPlan, "tags" | "metadata" | "project" | "settings">;

/** Of an environment of any kind. */
export function declared({ config, claims }: Claimed): Declared {
  return {
    environment: config.name,
    domain: config.domain,
    hosts: servedHosts(claims),
    flows: claims.flows,
    fixedSettings: [...fixedSettings(environmentEffects(config), config), ...claims.fixedSettings],
    allowedChanges: config.changes.allow,
  };
}

/** Of an environment that has servers. */
export function declaredOfServers({ config, claims }: Claimed<ServersEnvironmentConfig>): DeclaredOfServers {
  return {
    ...declared({ config, claims }),
    tags: commonTags(config),
    metadata: config.metadata,
    project: { flavors: config.flavors, limits: config.quota },
    settings: serverSettings(config),
  };
}
