/** Data that exists outside of the cluster, or as a claim: "restricted" admits no other way to it. */
import { z } from "zod";
import { exportedPath, fileServer } from "../../environment/schema/file-servers";
import { dnsLabel } from "../../environment/schema/primitives";
import { size } from "../../environment/schema/quantities";
import { line } from "../../environment/schema/texts";

const driver = z
  .string()
  .regex(
    /^(?=.{1,63}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
    "is not the name of a CSI driver; write it as kubectl get csidrivers does, such as cephfs.csi.ceph.com",
  );

export const existingClaim = z.strictObject({
  kind: z.literal("claim").describe("A claim of the namespace that somebody else has made."),
  name: dnsLabel,
});

export const nfsExport = z.strictObject({
  kind: z
    .literal("nfs")
    .describe("An export of a file server, as a volume and claim of the whole namespace."),
  server: fileServer,
  path: exportedPath("the path of an export; write it as the server exports it"),
  size: size.default("1Ti").describe("For the claim; NFS does not enforce it."),
});

export const csiVolume = z.strictObject({
  kind: z
    .literal("csi")
    .describe("A volume that exists in a storage system, as a volume and claim of the whole namespace."),
  driver,
  handle: line("the volume's id in the storage system"),
  attributes: z
    .record(line("the name of an attribute", 100), line("a value"))
    .default({})
    .describe("As the driver's documentation names them; never a secret."),
  size: size.default("1Ti"),
});
