/** Namespaces of shared storage. Their pods are privileged, so nothing else runs there. */

/** Of the driver that mounts the shared volume on nodes. */
export const CSI_NFS_NAMESPACE = "csi-nfs";

/** Of the NFS server that serves claims from one block volume. */
export const NFS_PROVISIONER_NAMESPACE = "nfs-provisioner";
