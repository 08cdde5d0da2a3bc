/** Names, ports and folders of a hub's drive. */
import type { Endpoint } from "../../../environment/parts/flows";

/** Of the workload, its Service, its volume's claim and its Secret. */
export const DRIVE = "drive";
/** The class of volumes that the program makes for drives. */
export const DRIVE_CLASS = "hub-drive";

/** The port of NFSv4, and that on which the hub asks for homes. */
export const DRIVE_PORTS = { nfs: 2049, homes: 8099 } as const;

/** Where the drive's containers have its volume. */
export const DRIVE_ROOT = "/export";

/** Of all homes, in the hub's namespace. */
export const HOMES_CLAIM = "homes";

/** What clients mount: a folder of the volume each. */
export const DRIVE_EXPORTS = { homes: "/homes", shared: "/shared" } as const;

/** The user that all files of shared directories, and of homes with a shared uid, belong to. */
export const SQUASHED = { uid: 1000, gid: 1000 } as const;

export function driveNamespaceOf(namespace: string): string {
  return `${namespace}-drive`;
}

/** What the hub connects to; nodes mount from the other port. */
export function homesEndpoint(driveNamespace: string): Endpoint {
  return { namespace: driveNamespace, name: DRIVE, port: DRIVE_PORTS.homes };
}
