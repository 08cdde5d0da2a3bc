/** File systems that exist elsewhere, mounted on the nodes of a pool. */
import { z } from "zod";
import { exportedPath, fileServer } from "./file-servers";
import { hostName, mountPoint } from "./primitives";

const monitor = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:\d{2,5}$/,
    "is not a monitor; write host and port, such as 10.1.0.5:6789",
  );

const remotePath = exportedPath("a path of the file system; write it as its server knows it");

const word = (what: string) =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
      `is not ${what}; write letters, digits, dots, dashes and underscores`,
    );

const networkId = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?@[a-z0-9]{2,12}$/,
    "is not an address of Lustre; write it with its network, such as 10.2.0.5@tcp",
  );

const proxyUrl = z
  .string()
  .regex(
    /^http:\/\/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:\d{2,5}$/,
    "is not a proxy; write its URL with the port, such as http://squid.example.org:3128",
  );

const clientPackage = word("the name of a package")
  .optional()
  .describe(
    "Package of the client, from repositories that the image or `software` has. Default: the image has the client.",
  );

const readOnly = z
  .boolean()
  .default(true)
  .describe("Whether nobody writes there from this lab; the data belongs to somebody else.");

export const hostMount = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("nfs"),
    server: fileServer,
    path: remotePath.describe("As the server exports it."),
    version: z.enum(["4.0", "4.1", "4.2"]).default("4.2"),
    mountPoint,
    readOnly,
  }),
  z.strictObject({
    kind: z.literal("cephfs"),
    monitors: z.array(monitor).min(1, "is empty; list the monitors of the Ceph cluster"),
    fileSystem: word("the name of a file system").describe("Its name in the Ceph cluster."),
    path: remotePath.default("/"),
    client: word("the name of a client").describe(
      "Without `client.`; its key is given by `pulumi config set --secret labstead:ceph-<client>`.",
    ),
    mountPoint,
    readOnly,
  }),
  z.strictObject({
    kind: z.literal("cvmfs"),
    repository: hostName.describe("Mounted at /cvmfs/<repository>."),
    proxies: z
      .array(proxyUrl)
      .default([])
      .describe("Tried in turn. Default: the servers are asked directly."),
    package: clientPackage,
  }),
  z.strictObject({
    kind: z.literal("lustre"),
    servers: z.array(networkId).min(1, "is empty; list the management servers of the file system"),
    fileSystem: word("the name of a file system"),
    mountPoint,
    readOnly,
    package: clientPackage,
  }),
]);

export type HostMountConfig = z.output<typeof hostMount>;
