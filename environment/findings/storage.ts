import { topic } from "./row";

export const STORAGE = topic({
  title: "Storage",
  guide: "shared-storage.md#modes",
  rows: {
    "storage.class": {
      severity: "error",
      title: "name that two storage classes have",
      why: "Block volumes and shared storage are two StorageClasses, and a cluster has one of a name; claims would get whichever was made last. Choose another className for one of them.",
    },
    "storage.alias": {
      severity: "error",
      title: "another name of a class that does not exist",
      why: "An alias of kind shared is a StorageClass like that of storage.shared under another name. Without shared storage nothing would serve its claims. Add shared storage, or take the alias from another kind.",
    },
    "storage.default-class": {
      severity: "error",
      title: "default class that the cluster does not have",
      why: "Claims that name no class get the default one. If it does not exist they stay Pending, with no class and no message about it. Name the class of storage.block, of storage.shared, or an alias.",
    },
    "storage.gluster": {
      severity: "error",
      title: "Gluster configuration that cannot store data safely",
      why: "Bricks are on raw volumes, and data is stored three times, because two copies risk split-brain. Give each Gluster server a raw volume and have at least three servers. Quotas by namespace exist in mode nfs only: with Heketi each claim has its size.",
    },
    "storage.gluster-spare": {
      severity: "warning",
      title: "Gluster server that carries no data",
      why: "Copies are spread over sets of three servers, slots 0 to 2, 3 to 5 and so on. A server in a set that is not full is paid for and stores nothing. Add servers until the set is full, or take the spare ones away.",
    },
    "storage.heketi": {
      severity: "error",
      title: "Heketi without what it needs",
      why: "The in-tree class left Kubernetes in 1.26, so with a newer version claims would stay Pending; and Heketi's database is the only record of which volume is whose, so it needs a volume that outlives the server. Write mode nfs for a new lab; for an old one keep 1.25 and add the volume that the message names.",
    },
    "storage.nfs": {
      severity: "error",
      title: "NFS server without a file system to export",
      why: "An NFS server exports what is mounted on it. Without a file-system volume there is nothing, or data would lie on the boot disk, which is lost when the server is replaced. Add a volume with a mount point.",
    },
  },
});
