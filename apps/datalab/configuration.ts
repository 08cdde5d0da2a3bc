/** `apps.datalab` of an environment. */
import { z } from "zod";
import { imageTag } from "../../environment/schema/images";
import { dnsLabel, hostName } from "../../environment/schema/primitives";
import { identityWord, webAddress } from "../../environment/schema/texts";
import { size } from "../../environment/schema/quantities";

const replicas = z
  .int("is not a whole number; write how many replicas you want")
  .min(1, "is less than 1; write at least one replica")
  .max(20, "is more than 20; a service of the lab does not need that many");

const days = (what: string) =>
  z
    .int(`is not a whole number; write after how many days ${what}`)
    .min(1, `is less than 1; write after how many days ${what}`)
    .max(365, "is more than 365; write 365 or less");

/** The images of the DataLabs services: a component that is none of these is an error. */
const imageTags = z.strictObject({
  app: imageTag.optional(),
  api: imageTag.optional(),
  auth: imageTag.optional(),
  infrastructureApi: imageTag.optional(),
  docs: imageTag.optional(),
  mongodb: imageTag.optional(),
  kubectl: imageTag.optional(),
});

/** The DataLabs services of one environment (DL). Images default to the pinned ones of `apps/datalab`. */
export const datalabSchema = z.strictObject({
  namespace: dnsLabel.describe("prod: datalab, test: testlab."),
  host: hostName.describe("Where the lab answers; docs and catalogue hang on names derived from it."),
  replicas: z
    .strictObject({
      app: replicas.default(1),
      api: replicas.default(1),
      infrastructureApi: replicas.default(1),
    })
    .prefault({})
    .describe("1 each for a test environment, 2 each for production."),
  imageTags: imageTags.prefault({}).describe("Tags by component, where they differ from the pinned ones."),
  auth: z.strictObject({
    issuer: webAddress("https", "is not an https URL; write the issuer's, such as https://lab.eu.auth0.com/"),
    audience: identityWord("the audience of the tokens"),
    clientId: identityWord("the client's id").default("datalabs"),
  }),
  projects: z
    .record(
      dnsLabel,
      z.strictObject({
        namespaces: z
          .enum(["made", "existing"])
          .default("made")
          .describe(
            "existing: both exist already, such as those that an older infrastructure API has created; they get its rights and stay as they are.",
          ),
      }),
    )
    .default({})
    .describe(
      "Projects by their keys. The infrastructure API has rights in its own namespace and in the namespaces <key> and <key>-compute of these, and nowhere else.",
    ),
  unusedNotebooks: z
    .strictObject({
      warnDays: days("people are warned").default(14),
      stopDays: days("a notebook is stopped").default(31),
    })
    .optional()
    .describe(
      "Stops notebooks that nobody has opened for some days; their files stay. Default: they run on.",
    ),
  storage: z
    .strictObject({
      databaseSize: size.default("10Gi"),
      databaseClass: dnsLabel.optional().describe("Default: the block class of the environment."),
    })
    .prefault({}),
});

export type DatalabConfig = z.output<typeof datalabSchema>;
/** A service of the DataLabs stack that has an image of its own. */
export type DatalabComponent = keyof z.output<typeof imageTags>;
