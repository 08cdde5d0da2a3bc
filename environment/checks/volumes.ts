import type { ServersEnvironmentConfig, VolumeConfig } from "../config";
import { finding, type Finding } from "../findings";
import { isNodeRole } from "../plan/rolling";
import { serverName } from "../plan/servers";
import type { Member, PoolMembers } from "../plan/slots";
import { duplicatePairs } from "./duplicates";

type Volumes = Readonly<Record<string, VolumeConfig>>;

/** A server's volumes: one mount point or device each. */
export function checkMounts(path: string, volumes: Volumes): Finding[] {
  const places = Object.entries(volumes).map(([name, { use }]) => ({ name, place: placeOf(use) }));
  return duplicatePairs(places, (each) => each.place).map(([first, second]) =>
    finding(
      "server.mount-clash",
      `${path}.volumes.${second.name}.use`,
      `${second.place} is already the place of volume ${first.name}`,
      second.place === SWAP ? "remove one of them" : "choose another place",
    ),
  );
}

const SWAP = "swap";

function placeOf(use: VolumeConfig["use"]): string {
  switch (use.kind) {
    case "filesystem":
      return use.mountPoint;
    case "raw":
      return use.device;
    case "swap":
      return SWAP;
  }
}

/** A kubelet refuses to start while there is swap (its `failSwapOn`), so the server would never become a node. */
export function checkSwap({ role, path, config }: PoolMembers): Finding[] {
  if (!isNodeRole(role)) return [];
  return Object.entries(config.volumes)
    .filter(([, { use }]) => use.kind === SWAP)
    .map(([name]) =>
      finding(
        "volume.swap",
        `${path}.volumes.${name}.use`,
        '"swap" on a Kubernetes node prevents its kubelet from starting',
        "remove the volume, and choose a flavor with more memory if the node needs it",
      ),
    );
}

/** Volumes are found again by name after a crash, so no two may have one name. */
export function checkVolumeNames(members: readonly Member[], config: ServersEnvironmentConfig): Finding[] {
  const volumes = members.flatMap((member) =>
    Object.keys(member.config.volumes).map((name) => ({
      name: `${serverName(member, config.name)}-${name}`,
      key: `${member.key}/${name}`,
      path: `${member.settings}.volumes.${name}`,
    })),
  );
  return duplicatePairs(volumes, (each) => each.name).map(([first, second]) =>
    finding(
      "volume.name-clash",
      second.path,
      `"${second.name}" would be the name of volume ${first.key} as well`,
      "choose another name",
    ),
  );
}
