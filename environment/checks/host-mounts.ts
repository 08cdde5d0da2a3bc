/** Mounts of file systems that exist elsewhere: their places, and clients that only the image can have. */
import type { HostMountConfig, OwnerConfig, WorkerPoolConfig } from "../config";
import { finding, type Finding } from "../findings";
import { mountedAt } from "../plan/host-mounts";
import { overlap, serverFolders } from "../server-folders";

export function checkHostMounts({ servers: { workers } }: OwnerConfig): readonly Finding[] {
  return Object.entries(workers).flatMap(([pool, config]) => {
    const path = `servers.workers.${pool}`;
    return Object.entries(config.mounts).flatMap(([name, mount]) => [
      ...misplaced(`${path}.mounts.${name}`, mount),
      ...overlapping(`${path}.mounts.${name}`, name, config),
      ...withoutClient(`${path}.mounts.${name}`, mount),
    ]);
  });
}

function misplaced(path: string, mount: HostMountConfig): readonly Finding[] {
  const where = mountedAt(mount);
  const taken = serverFolders("workers", []).find(({ folder }) => overlap(where, folder));
  if (taken === undefined) return [];
  return [
    finding(
      "volume.mount-point",
      `${path}.mountPoint`,
      `"${where}" and ${taken.folder} are inside each other, and ${taken.who} writes there`,
      "choose a folder of its own, such as /mnt/archive",
    ),
  ];
}

/** With the volumes of the server, and with the mounts before it. */
function overlapping(path: string, name: string, { mounts, volumes }: WorkerPoolConfig): readonly Finding[] {
  const mount = mounts[name];
  if (mount === undefined) return [];
  const where = mountedAt(mount);
  const earlier = Object.entries(mounts).slice(0, Object.keys(mounts).indexOf(name));
  const others = [
    ...earlier.map(([other, each]) => ({ what: `mount ${other}`, at: mountedAt(each) })),
    ...Object.entries(volumes).flatMap(([other, { use }]) =>
      use.kind === "filesystem" ? [{ what: `volume ${other}`, at: use.mountPoint }] : [],
    ),
  ];
  return others
    .filter(({ at }) => overlap(where, at))
    .map(({ what, at }) =>
      finding(
        "server.mount-clash",
        mount.kind === "cvmfs" ? `${path}.repository` : `${path}.mountPoint`,
        `"${where}" and ${at} of ${what} are inside each other, and one would hide the other`,
        "choose another place",
      ),
    );
}

const CLIENTS: Readonly<Record<"cvmfs" | "lustre", string>> = { cvmfs: "CernVM-FS", lustre: "Lustre" };

function withoutClient(path: string, mount: HostMountConfig): readonly Finding[] {
  if ((mount.kind !== "cvmfs" && mount.kind !== "lustre") || mount.package !== undefined) return [];
  return [
    finding(
      "server.mount-client",
      path,
      `needs the client of ${CLIENTS[mount.kind]}, which distributions do not have, and no package is named`,
      "choose an image that has it, or name the package of a repository that the image or software has",
    ),
  ];
}
