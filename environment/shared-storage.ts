/** Names that machines, charts and checks of the shared storage have in common. */
import type { SharedStoragePlan } from "./plan/types-settings";

/**
 * Whether the storage servers serve NFS: then they share an address, which moves to another one when its holder fails.
 */
export function servesNfs(shared: SharedStoragePlan): boolean {
  return shared.kind === "gluster" && shared.mode === "nfs";
}

/** Whether the volume plugin inside Kubernetes serves claims, by calling Heketi. */
export function usesHeketi(shared: SharedStoragePlan): boolean {
  return shared.kind === "gluster" && shared.mode === "heketi-intree";
}

/** Key of the VIP that NFS clients mount from, so that no single server has to be always up. */
export const STORAGE_VIP = "storage";

/** The Gluster volume that all namespaces share in mode `nfs`; NFS clients mount it as `/shared`. */
export const SHARED_VOLUME = "shared";

/**
 * Which address of the Service network that server has. Every volume carries it for good, so it is none that the API
 * server picks: those are taken from above the lowest 16 as long as it can.
 */
export const NFS_PROVISIONER_ADDRESS = 11;

/** The class of volumes that many pods write at once; undefined if the environment creates none. */
export function sharedClassOf(shared: SharedStoragePlan): string | undefined {
  return shared.kind === "none" ? undefined : shared.className;
}

/** Whether the kubelet itself mounts NFS, by the node's own programs. */
export function kubeletMountsNfs(shared: SharedStoragePlan): boolean {
  return shared.kind === "nfs-provisioner";
}

/** In mode `heketi-intree` a file-system volume is mounted here: Heketi's database, and each server's place in the pool. */
export const HEKETI_FOLDER = "/var/lib/heketi";

/** Heketi's REST port. */
export const HEKETI_PORT = 8080;

/**
 * Seconds. A lost client holds its locks for `lease`; after a start or a move of the NFS server, clients have `grace`
 * to reclaim theirs, and no client can open a file before. Grace is never shorter than a lease.
 */
export const NFS_TIMES = { lease: 20, grace: 25 } as const;
