/** Configuration paths of server settings: one for each pool, named server and set of desktops. */
import { isOwner, type PoolConfig, type ServerRole, type ServersEnvironmentConfig } from "../config";
import { tenantPools } from "../plan/pools-of-tenant";
import { poolsOf, type MemberConfig } from "../plan/slots";

type Override = PoolConfig["overrides"][string];

export interface ServerSettings {
  readonly role: ServerRole;
  /** In `labstead:environment`: `servers.workers.general`. */
  readonly path: string;
  readonly config: MemberConfig;
  /** Settings of single servers that override these, by path. */
  readonly overrides: readonly (readonly [path: string, override: Override])[];
}

/** Pools without a server are included: they may get one later. */
export function serverSettingsOf(config: ServersEnvironmentConfig): readonly ServerSettings[] {
  const pools = isOwner(config) ? poolsOf(config.servers) : tenantPools(config);
  return [
    ...pools.map(({ role, path, config: pool }) => ({
      role,
      path,
      config: pool,
      overrides: Object.entries(pool.overrides).map(
        ([slot, override]) => [`${path}.overrides.${slot}`, override] as const,
      ),
    })),
    ...(isOwner(config) ? [...applicationSettings(config.servers), ...desktopSettings(config.servers)] : []),
  ];
}

type Servers = Parameters<typeof poolsOf>[0];

function applicationSettings({ applicationServers }: Servers): readonly ServerSettings[] {
  return Object.entries(applicationServers).map(([name, config]) => ({
    role: "applicationServers",
    path: `servers.applicationServers.${name}`,
    config,
    overrides: [],
  }));
}

function desktopSettings({ desktops }: Servers): readonly ServerSettings[] {
  if (desktops === undefined) return [];
  const overrides = Object.entries(desktops.users).map(
    ([user, { flavor }]) =>
      [`servers.desktops.users.${user}`, flavor === undefined ? {} : { flavor }] as const,
  );
  return [{ role: "desktops", path: "servers.desktops", config: desktops, overrides }];
}

/** A setting that a single server can override, with each of its paths. */
export function writtenSettings(
  { path, config, overrides }: ServerSettings,
  key: "flavor" | "image",
): readonly (readonly [path: string, value: string])[] {
  const all = [[path, config] as const, ...overrides];
  return all.flatMap(([at, settings]) => {
    const value = settings[key];
    return value === undefined ? [] : [[`${at}.${key}`, value] as const];
  });
}
