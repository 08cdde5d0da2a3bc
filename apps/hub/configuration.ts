/** `apps.hub` of an environment: JupyterHubs that share one host name. */
import { z } from "zod";
import { chosenImage } from "../../environment/schema/images";
import { dnsLabel, hostName } from "../../environment/schema/primitives";
import { size } from "../../environment/schema/quantities";
import { identityWord, line } from "../../environment/schema/texts";
import { backupsSchema } from "./database/configuration";
import { metricsSchema } from "./metrics/configuration";
import { driveHomes } from "./drive/configuration";
import { schedulingSchema } from "./scheduling/configuration";
import { serverSchema, profileSchema } from "./server/configuration";
import { sharedDirectories } from "./shared-directories/configuration";
import { signInSchema } from "./sign-in/configuration";

const seconds = (least: number, most: number) =>
  z
    .int("is not a whole number; write seconds")
    .min(least, `is less than ${least}; write seconds, ${least} or more`)
    .max(most, `is more than ${most}; write seconds, ${most} or less`);

/** Where people's files are. */
const homes = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("claim").describe("A volume for each person, made at the first start of a server."),
    size: size.default("10Gi").describe("Of each volume; a full one affects nobody else."),
    people: z
      .int("is not a whole number; write how many people may have a home")
      .min(1, "is less than 1; write how many people may have a home")
      .max(20_000, "is more than 20000; divide the people over several hubs")
      .default(200)
      .describe("People who may have a home at once; the namespace's quota of claims follows from it."),
    storageClass: dnsLabel.optional().describe("Default: the block class of the environment."),
  }),
  z.strictObject({
    kind: z.literal("shared").describe("A folder for each person in one claim of the shared class."),
    size: size.default("100Gi").describe("Of the claim; NFS does not enforce it."),
    storageClass: dnsLabel
      .optional()
      .describe("Default: the shared class of the environment; a tenant names its owner's."),
    quota: size.optional().describe("Refused: no shared class limits one person's files."),
  }),
  driveHomes,
]);

const culling = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("idle"),
    timeoutSeconds: seconds(60, 2_592_000)
      .default(3600)
      .describe("A server and its kernels stop when they did nothing for this long, open tabs or not."),
    everySeconds: seconds(10, 86_400).default(600).describe("How often the culler looks."),
    maxAgeSeconds: seconds(60, 31_536_000)
      .optional()
      .describe("A server of this age stops even while it works. Default: none does."),
  }),
  z.strictObject({ kind: z.literal("never").describe("Servers run until their owners stop them.") }),
]);

/** A path of its own, so that several hubs share a host and its certificate. */
const basePath = z
  .string()
  .regex(
    /^\/([a-z0-9][a-z0-9-]{0,39}\/){0,4}$/,
    "is not a path of a hub; write it with a slash at both ends, such as /physics/",
  );

const traitlets = z.record(
  z
    .string()
    .regex(
      /^[A-Z][A-Za-z0-9]{0,60}\.[a-z][a-z0-9_]{0,60}$/,
      "is not a trait; write the class and its trait, such as KubeSpawner.http_timeout",
    ),
  z.union([line("a value", 2000), z.number(), z.boolean()], {
    error: "is not a value of a trait; write a text on one line, a number, true or false",
  }),
);

const hub = z.strictObject({
  namespace: dnsLabel.optional().describe("Of the hub and its users' servers. Default: the hub's name."),
  existingNamespace: z
    .boolean()
    .default(false)
    .describe(
      "Whether the namespace is there already, with people's claims: the program makes what is in it, and neither makes nor deletes the namespace itself.",
    ),
  path: basePath.optional().describe("On the host. Default: /<hub>/."),
  published: z
    .boolean()
    .default(true)
    .describe(
      "Whether the ingress serves it; a hub that is not published is opened by kubectl port-forward.",
    ),
  version: z.enum(["5.5", "6.1"]).default("5.5").describe("Of JupyterHub."),
  image: chosenImage
    .optional()
    .describe(
      "Of the hub. Default for 5.5: that of zero-to-jupyterhub; for 6.1 there is none to be had yet.",
    ),
  signIn: signInSchema,
  admins: z.array(identityWord("the name of a user")).default([]),
  homes: homes.prefault({ kind: "claim" }),
  sharedDirectories,
  server: serverSchema.prefault({}).describe("Of each user; a profile overrides it."),
  profiles: z
    .record(dnsLabel, profileSchema)
    .default({})
    .describe("What a person can choose at the start of a server, the first one by default."),
  cull: culling.prefault({ kind: "idle" }),
  activeServerLimit: z
    .int("is not a whole number; write how many servers may run at once")
    .min(1, "is less than 1; write how many servers may run at once")
    .max(5000, "is more than 5000; divide the people over several hubs")
    .default(50)
    .describe("Servers that run at once; the quota of the namespace follows from it."),
  nodePurpose: z
    .enum(["ignore", "prefer", "require"])
    .default("prefer")
    .describe("How pods choose nodes by the label hub.jupyter.org/node-purpose: core or user."),
  database: z
    .strictObject({
      size: size.default("1Gi"),
      storageClass: dnsLabel.optional().describe("Default: the block class of the environment."),
      existingClaim: dnsLabel
        .optional()
        .describe(
          "A claim of the namespace that has the database already, such as hub-db-dir of zero-to-jupyterhub; the program neither makes nor deletes it, and its size and class are its own.",
        ),
    })
    .prefault({})
    .describe("The volume of the hub's SQLite file: users, groups, tokens, running servers."),
  traitlets: traitlets
    .default({})
    .describe("Any other setting of jupyterhub_config.py, as Class.trait; never one that the program sets."),
});

/** JupyterHubs of one environment, each in a namespace and at a path of its own (JH). */
export const hubSchema = z.strictObject({
  host: hostName.optional().describe("Where all hubs answer, each at its path. Default: hubs.<domain>."),
  backups: backupsSchema
    .optional()
    .describe("Scheduled copies of the hubs' databases in an object store. Default: none."),
  metrics: metricsSchema
    .optional()
    .describe(
      "Pods that read the metrics of all hubs and their proxies, for a dashboard. Default: none may.",
    ),
  scheduling: schedulingSchema
    .optional()
    .describe(
      "Nodes that are ready for people, for all hubs together. Default: Kubernetes' own scheduler alone.",
    ),
  hubs: z.record(dnsLabel, hub).default({}).describe("By name: /<name>/ is a hub's path."),
});

export type HubsConfig = z.output<typeof hubSchema>;
export type HubConfig = z.output<typeof hub>;
export type HomesConfig = z.output<typeof homes>;
export type CullConfig = z.output<typeof culling>;
