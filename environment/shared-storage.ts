/** Names that machines, charts and checks of the shared storage have in common. */
import type { StorageConfig } from "./config";

/** Whether the storage servers serve NFS: then they share an address, which moves to another one when its holder ends. */
export function servesNfs({ shared }: StorageConfig): boolean {
  return shared.kind === "gluster" && shared.mode === "nfs";
}

/** Whether claims are served by the volume plugin inside Kubernetes, which asks Heketi for them. */
export function usesHeketi({ shared }: StorageConfig): boolean {
  return shared.kind === "gluster" && shared.mode === "heketi-intree";
}

/** Key of the VIP that NFS clients mount from, so that no server has to be the one that is always there. */
export const STORAGE_VIP = "storage";

/** The Gluster volume that all namespaces share in mode `nfs`; NFS clients mount it as `/shared`. */
export const SHARED_VOLUME = "shared";

/** Namespace of the driver that mounts the shared volume on nodes; its pods are privileged, so nothing else lives there. */
export const CSI_NFS_NAMESPACE = "csi-nfs";

/** In mode `heketi-intree` a file-system volume is mounted here: Heketi's database, and each server's place in the pool. */
export const HEKETI_FOLDER = "/var/lib/heketi";

/** Heketi's REST port. */
export const HEKETI_PORT = 8080;

/**
 * Seconds. A client that is gone holds its locks for `lease`; after a start or a move of the NFS server, clients have
 * `grace` to take theirs again, and nobody can open a file before. Grace is never shorter than a lease.
 */
export const NFS_TIMES = { lease: 20, grace: 25 } as const;
