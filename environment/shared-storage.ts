/** Names that machines, charts and checks of the shared storage have in common. */

/** The Gluster volume that all namespaces share in mode `nfs`; NFS clients mount it as `/shared`. */
export const SHARED_VOLUME = "shared";

/** In mode `heketi-intree` a file-system volume is mounted here: Heketi's database, and each server's place in the pool. */
export const HEKETI_FOLDER = "/var/lib/heketi";

/** Heketi's REST port. */
export const HEKETI_PORT = 8080;

/**
 * Seconds. A client that is gone holds its locks for `lease`; after a start or a move of the NFS server, clients have
 * `grace` to take theirs again, and nobody can open a file before. Grace is never shorter than a lease.
 */
export const NFS_TIMES = { lease: 20, grace: 25 } as const;
