/** `homes` of kind `drive` in `apps.hub`: an NFS server of the hub's own. */
import { z } from "zod";
import { dnsLabel, ipv4 } from "../../../environment/schema/primitives";
import { size } from "../../../environment/schema/quantities";

export const driveHomes = z.strictObject({
  kind: z.literal("drive").describe("A folder for each person on an NFS server of the hub's own."),
  owner: z
    .enum(["shared-uid", "own-uid"])
    .default("shared-uid")
    .describe(
      "Whose files they are: `shared-uid`, all of the user 1000; `own-uid`, each person has a number of their own.",
    ),
  size: size
    .default("100Gi")
    .describe("Of the drive's volume, for all homes and shared directories together."),
  quota: size
    .optional()
    .describe("What one person's files may take. Default: nothing but the drive's size limits them."),
  storageClass: dnsLabel
    .optional()
    .describe(
      "Of the drive's volume; for a quota it makes XFS. Default: a class of the program, which does.",
    ),
  address: ipv4
    .optional()
    .describe("Of the drive, in the network of Services. Default: one that follows from the hub's name."),
});

export type DriveConfig = z.output<typeof driveHomes>;
