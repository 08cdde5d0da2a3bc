/** The escape hatch of machine files: reaches any file that the program writes on a server. */
import type { FileConfig, MachineConfig } from "./config";

/** Returns the modified file; its path must stay the same. */
export type FileOverride = (file: FileConfig) => FileConfig;

/**
 * By server key or pool (`gateway/0`; `gateway` and `workers.general` are all servers of it), then by path. If both
 * name a file, the pool's override applies first.
 * @example
 * export const overrides: MachineOverrides = {
 *   gateway: {
 *     "/etc/keepalived/keepalived.conf": (file) => ({ ...file, mode: "0640" }),
 *   },
 * };
 */
export type MachineOverrides = Readonly<Record<string, Readonly<Record<string, FileOverride>>>>;

/** Servers that an override names by key or pool. */
export function isNamed(server: string, key: string): boolean {
  return server === key || server.startsWith(`${key}/`);
}

/**
 * The machine configs with the overridden files.
 * @throws Error for an override that changes a file's path
 */
export function withFileOverrides(
  configs: ReadonlyMap<string, MachineConfig>,
  overrides: MachineOverrides,
): ReadonlyMap<string, MachineConfig> {
  return new Map([...configs].map(([server, config]) => [server, overridden(server, config, overrides)]));
}

function overridden(server: string, config: MachineConfig, overrides: MachineOverrides): MachineConfig {
  const named = Object.keys(overrides)
    .filter((key) => isNamed(server, key))
    .sort((a, b) => a.length - b.length);
  const files = config.files.map((file) =>
    named.reduce((before, key) => overrideFile(before, overrides[key]?.[file.path], server), file),
  );
  return { ...config, files };
}

function overrideFile(file: FileConfig, override: FileOverride | undefined, server: string): FileConfig {
  const after = override?.(file) ?? file;
  if (after.path === file.path) return after;
  throw new Error(
    `${server}: the override of ${file.path} makes it ${after.path}; an override keeps the path`,
  );
}
