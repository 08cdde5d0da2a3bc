/** Where in the configuration the settings of each server are. */
import { isOwner, type ServersEnvironmentConfig } from "../config";
import { membersOf, type Member } from "./slots";
import { tenantPools } from "./pools-of-tenant";
import { WATCHED_SETTINGS, type ServerSettingsPlan, type WatchedSetting } from "./types-settings";

export function serverSettings(config: ServersEnvironmentConfig): readonly ServerSettingsPlan[] {
  const members = isOwner(config) ? membersOf(config) : tenantPools(config).flatMap((pool) => pool.members);
  return members.map((member) => ({
    server: member.key,
    generation: member.config.generation,
    path: member.settings,
    paths: Object.fromEntries(
      WATCHED_SETTINGS.map((setting) => [setting, settingPath(setting, member, config)]),
    ) as Record<WatchedSetting, string>,
  }));
}

/** The most specific setting wins: of the slot, of the pool, of the environment. */
function settingPath(
  setting: WatchedSetting,
  { override, config, path, settings }: Member,
  environment: ServersEnvironmentConfig,
): string {
  switch (setting) {
    case "flavor":
    case "name":
      return override[setting] === undefined ? `${settings}.${setting}` : `${path}.${setting}`;
    case "image":
      if (override.image !== undefined) return `${path}.image`;
      return config.image === undefined ? "image" : `${settings}.image`;
    case "zone":
      if (override.availabilityZone !== undefined) return `${path}.availabilityZone`;
      return config.availabilityZones === undefined && environment.availabilityZones !== undefined
        ? "availabilityZones"
        : `${settings}.availabilityZones`;
    case "bootVolume":
      return `${settings}.bootVolume.size`;
  }
}
