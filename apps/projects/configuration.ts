/** `apps.projects` of an environment: namespaces of projects, and the stacks that people work with in them (DL). */
import { z } from "zod";
import { KUBERNETES_ROLES } from "../../environment/schema/people";
import { dnsLabel, hostName } from "../../environment/schema/primitives";
import { size } from "../../environment/schema/quantities";
import { identityWord, webAddress } from "../../environment/schema/texts";
import { csiVolume, existingClaim, nfsExport } from "../volumes/configuration";
import { serviceSchema } from "./services/configuration";
import { stackSchema } from "./stacks/configuration";

/** `<key>-compute` is a namespace too, and names of namespaces have up to 40 characters in a configuration. */
const projectKey = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
    "is not a key of a project; use 1 to 32 lower-case letters, digits and hyphens, starting with a letter: its namespaces are <key> and <key>-compute",
  );

/** With the project's key and a hyphen before it, it is one label of a host name: 63 characters. */
const stackKey = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/,
    "is not a name of a stack; use 1 to 30 lower-case letters, digits and hyphens, starting with a letter",
  );

/** A URL that may name who is asked about; two words in braces, and no others. */
const AUTH_URL =
  /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/([A-Za-z0-9._~%+@:,=/?&-]|\{(project|groups)\})*)?$/;

const auth = z.strictObject({
  url: z
    .string()
    .regex(
      AUTH_URL,
      "is not a URL that the ingress controller can ask; write one such as http://oauth2-proxy.sign-in.svc.cluster.local/oauth2/auth?allowed_groups={groups}",
    )
    .describe(
      "Asked for each request: 200 lets it in. {project} is the project's key, {groups} are its groups with commas between.",
    ),
  signIn: webAddress(
    "https?",
    "is not the URL of a page; write where people sign in, such as https://id.example.org/oauth2/start",
  ).optional(),
});

const storage = z.strictObject({
  size: size.default("10Gi"),
  access: z
    .enum(["ReadWriteMany", "ReadWriteOnce"])
    .default("ReadWriteMany")
    .describe("ReadWriteMany: many pods mount it at once; ReadWriteOnce: one pod."),
  storageClass: dnsLabel
    .optional()
    .describe("Default: the shared class of the environment, or with ReadWriteOnce its block class."),
});

const asset = z.discriminatedUnion("kind", [existingClaim, nfsExport, csiVolume]);

const project = z.strictObject({
  groups: z
    .record(identityWord("a group of the identity provider"), z.enum(KUBERNETES_ROLES))
    .default({})
    .describe("Groups of the identity provider, with the role that their people have in both namespaces."),
  internet: z
    .boolean()
    .default(true)
    .describe("Whether pods of the project reach public addresses, such as those of package servers."),
  storage: z
    .record(dnsLabel, storage)
    .default({})
    .describe("Claims of the project, by name; kept when they are removed here."),
  assets: z
    .record(dnsLabel, asset)
    .default({})
    .describe("Data that all stacks can read, and none can change, at /assets/<name>."),
  stacks: z
    .record(stackKey, stackSchema)
    .default({})
    .describe("By name, which is a part of their addresses."),
  services: z
    .record(stackKey, serviceSchema)
    .default({})
    .describe(
      "Programs that people bring themselves, by name: pods of the namespace with the label app.kubernetes.io/name: service-<name> answer at <project>-<name>.<domain>, behind the sign-in of the stacks.",
    ),
});

/** Projects, each with its namespaces, people, storage and stacks. */
export const projectsSchema = z.strictObject({
  host: hostName.optional().describe("Of the stacks that have paths. Default: projects.<domain>."),
  auth: auth.describe("Who lets people in to stacks that are not public."),
  projects: z
    .record(projectKey, project)
    .default({})
    .describe("By key: the namespaces <key> and <key>-compute."),
});

export type ProjectsConfig = z.output<typeof projectsSchema>;
export type ProjectConfig = z.output<typeof project>;
export type StorageConfig = z.output<typeof storage>;
export type AssetConfig = z.output<typeof asset>;
