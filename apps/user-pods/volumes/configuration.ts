/** A volume of every user's pod in `apps.userPods`: always a claim, since "restricted" admits no other data. */
import { z } from "zod";
import { dnsLabel } from "../../../environment/schema/primitives";
import { size } from "../../../environment/schema/quantities";
import { csiVolume, existingClaim, nfsExport } from "../../volumes/configuration";

const perUser = z.strictObject({
  kind: z.literal("perUser").describe("A claim for each user, kept when the user is removed."),
  size: size.default("10Gi"),
  storageClass: dnsLabel.optional().describe("Default: the block class of the environment."),
});

export const volumeSchema = z.discriminatedUnion("kind", [existingClaim, perUser, nfsExport, csiVolume]);

export type VolumeConfig = z.output<typeof volumeSchema>;
