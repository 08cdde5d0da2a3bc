import { z } from "zod";
import { dnsLabel, hostName, size } from "./primitives";

const replicas = z
  .int("is not a whole number; write how many replicas you want")
  .min(1, "is less than 1; write at least one replica")
  .max(20, "is more than 20; a service of the lab does not need that many");

/** The DataLabs services of one environment (DL). Images default to the pinned ones of `apps/datalab`. */
export const datalab = z.strictObject({
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
  imageTags: z
    .record(z.string(), z.string())
    .default({})
    .describe("Tags by component, where they differ from the pinned ones."),
  auth: z.strictObject({
    issuer: z.url({
      protocol: /^https$/,
      error: "is not an https URL; write the issuer's, such as https://lab.eu.auth0.com/",
    }),
    audience: z.string().min(1, "is empty; write the audience of the tokens"),
    clientId: z.string().default("datalabs"),
  }),
  storage: z
    .strictObject({
      databaseSize: size.default("10Gi"),
      databaseClass: dnsLabel.optional().describe("Default: the block class of the environment."),
    })
    .prefault({}),
});

export const apps = z.strictObject({ datalab: datalab.optional() });
export type AppsConfig = z.output<typeof apps>;
export type DatalabConfig = z.output<typeof datalab>;
