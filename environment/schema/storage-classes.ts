/** Zones of block volumes, and further StorageClasses by name. */
import { z } from "zod";
import { cloudName, dnsLabel, uuid } from "./primitives";
import { line } from "./texts";

/** Nova's zones are those of nodes; Cinder may have others, or only one. */
export const volumeZones = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("server") }).describe("In the zone of the node that uses it."),
    z
      .strictObject({ kind: z.literal("any") })
      .describe("Wherever Cinder chooses; every node may attach it, and zones are not looked at."),
    z
      .strictObject({ kind: z.literal("fixed"), zone: cloudName.describe("Of Cinder.") })
      .describe("In this zone of Cinder; every node may attach it."),
  ])
  .describe("Where volumes are, for clouds whose zones of Cinder are not those of Nova.");

const reclaimPolicy = z
  .enum(["Delete", "Retain"])
  .default("Delete")
  .describe("What becomes of a volume when its claim is deleted.");

/** Where an administrator has installed a driver, and the Secrets that it reads. */
const driver = {
  namespace: dnsLabel.describe("Where the administrator has installed the driver, with its Secrets."),
  reclaimPolicy,
};

/** A class of a name of its own. */
const alias = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("block") }).describe("As the class of storage.block."),
  z.strictObject({ kind: z.literal("shared") }).describe("As the class of storage.shared."),
  z
    .strictObject({
      kind: z.literal("ceph-rbd"),
      clusterId: line("the id of the Ceph cluster, its fsid").describe("Its fsid, as the driver knows it."),
      pool: line("the name of the pool"),
      ...driver,
    })
    .describe("Block volumes by ceph-csi, which an administrator installs."),
  z
    .strictObject({
      kind: z.literal("cephfs"),
      clusterId: line("the id of the Ceph cluster, its fsid").describe("Its fsid, as the driver knows it."),
      fileSystem: line("the name of the file system"),
      ...driver,
    })
    .describe("Shared volumes by ceph-csi, which an administrator installs."),
  z
    .strictObject({
      kind: z.literal("manila"),
      protocol: z.enum(["nfs", "cephfs"]).default("nfs"),
      shareType: cloudName.describe("Manila's share type."),
      shareNetwork: uuid.optional().describe("Manila's share network, where the type needs one."),
      ...driver,
    })
    .describe("Shared volumes by the Manila CSI driver, which an administrator installs."),
]);

export const aliases = z
  .record(dnsLabel, alias)
  .default({})
  .describe("Further classes by name, for charts that name theirs: block, bds1, cinder-block, nfs, nfss1.");

export type AliasConfig = z.output<typeof alias>;
