/** Mount points of volumes: no folder that already has content. */
import { isOwner, type ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { isWithin, overlap, serverFolders, type ServerFolder } from "../server-folders";
import { serverSettingsOf, type ServerSettings } from "./server-settings";

export function checkMountPoints(config: ServersEnvironmentConfig): readonly Finding[] {
  const users = isOwner(config) ? Object.keys(config.servers.desktops?.users ?? {}) : [];
  return serverSettingsOf(config).flatMap((settings) => {
    const folders = serverFolders(settings.role, settings.role === "desktops" ? users : []);
    return misplaced(settings, folders);
  });
}

function misplaced({ path, config }: ServerSettings, folders: readonly ServerFolder[]): readonly Finding[] {
  return Object.entries(config.volumes).flatMap(([name, { use }]) => {
    if (use.kind !== "filesystem") return [];
    const { mountPoint } = use;
    const taken = folders.find((each) => isTaken(mountPoint, each));
    if (taken === undefined) return [];
    return [
      finding(
        "volume.mount-point",
        `${path}.volumes.${name}.use.mountPoint`,
        `"${mountPoint}" ${whereText(mountPoint, taken)}, where ${taken.who} writes before the volume is there`,
        `choose a folder of its own, such as /data or /srv/${name}`,
      ),
    ];
  });
}

function isTaken(mountPoint: string, { folder, waitsFor }: ServerFolder): boolean {
  if (mountPoint === waitsFor) return false;
  return overlap(mountPoint, folder);
}

function whereText(mountPoint: string, { folder }: ServerFolder): string {
  if (mountPoint === folder) return "is the folder";
  return isWithin(mountPoint, folder) ? `lies in ${folder}` : `would hide ${folder}`;
}
