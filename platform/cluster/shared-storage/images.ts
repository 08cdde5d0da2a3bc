/** Images of the drivers and servers of shared storage. */
import type { PinnedImages } from "../../../environment/parts/images";

/** csi-driver-nfs 4.13.4 and the sidecars that its release names; Kubernetes 1.21 and later. */
export const CSI_NFS_IMAGES = {
  driver: { repository: "registry.k8s.io/sig-storage/nfsplugin", tag: "v4.13.4" },
  provisioner: { repository: "registry.k8s.io/sig-storage/csi-provisioner", tag: "v6.3.0" },
  registrar: { repository: "registry.k8s.io/sig-storage/csi-node-driver-registrar", tag: "v2.17.0" },
  liveness: { repository: "registry.k8s.io/sig-storage/livenessprobe", tag: "v2.19.0" },
} as const satisfies PinnedImages;

/** With Ganesha 4.0.8; nothing newer has been released since March 2023. */
export const NFS_PROVISIONER_IMAGES = {
  nfsProvisioner: { repository: "registry.k8s.io/sig-storage/nfs-provisioner", tag: "v4.0.8" },
} as const satisfies PinnedImages;
