/** `sharedDirectories` of a hub in `apps.hub`: read by everybody, written by a few. */
import { z } from "zod";
import { dnsLabel } from "../../../environment/schema/primitives";
import { size } from "../../../environment/schema/quantities";
import { identityWord } from "../../../environment/schema/texts";

const groups = z
  .array(identityWord("the name of a group"))
  .default([])
  .describe("Groups of the hub whose members write; with `oidc` those of the provider.");

const sharedDirectory = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z
      .literal("own")
      .describe("Of this hub: on its drive, else in a claim of a class that many pods write."),
    writers: z
      .strictObject({
        admins: z.boolean().default(true).describe("Whether the hub's admins write."),
        groups,
      })
      .prefault({}),
    size: size
      .optional()
      .describe("Of the directory. Default: nothing but the drive's size limits it; of a claim, 100Gi."),
    storageClass: dnsLabel
      .optional()
      .describe("Of the claim. Default: that of shared homes, or the shared class of the environment."),
  }),
  z.strictObject({
    kind: z.literal("hub").describe("Of another hub of the environment, whose homes are on a drive."),
    hub: dnsLabel.describe("The other hub's name."),
    directory: dnsLabel.optional().describe("Its name there. Default: the same."),
    writers: z
      .strictObject({
        admins: z.boolean().default(false).describe("Whether this hub's admins write."),
        groups,
      })
      .prefault({}),
  }),
]);

export const sharedDirectories = z
  .record(dnsLabel, sharedDirectory)
  .default({})
  .describe("Directories at ~/shared/<name> of every server, read-only but for those who may write.");

export type SharedDirectoryConfig = z.output<typeof sharedDirectory>;
export type SharedDirectoriesConfig = z.output<typeof sharedDirectories>;
