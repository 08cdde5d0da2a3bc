/** A stack of a project in `apps.projects`. */
import { z } from "zod";
import { chosenImage } from "../../../environment/schema/images";
import { dnsLabel } from "../../../environment/schema/primitives";
import { bytes, cpu } from "../../../environment/schema/quantities";
import { line } from "../../../environment/schema/texts";
import { CLUSTERS, NOTEBOOKS, SITES, STORES } from "./kinds";

const amounts = <Amount extends z.ZodType<string, string>>(amount: Amount) =>
  z.strictObject({ request: amount, limit: amount });

const common = {
  image: chosenImage
    .optional()
    .describe(
      "Default: the image that was tested with the kind. Another one must have its user and program.",
    ),
  cpu: amounts(cpu).optional().describe("Default: that of the kind."),
  memory: amounts(bytes).optional().describe("Default: that of the kind."),
};

const storage = dnsLabel.describe("Storage of the project, by its name there, at /data.");

export const publicPage = z
  .strictObject({ reason: line("why everybody may open the page") })
  .optional()
  .describe("Everybody may open the page, without a sign-in.");

/** A folder below the root of a storage. */
const folder = z
  .string()
  .regex(
    /^(?=.{1,255}$)[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
    "is not a folder of the storage; write its path without a slash at either end, such as notebooks/site",
  );

const file = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
    "is not the name of a file; write it without its folder, such as app.py",
  );

const notebook = z.strictObject({
  kind: z.enum(NOTEBOOKS).describe("Where people work; its files are in notebooks/<name> of the storage."),
  storage,
  ...common,
  submitsPods: z
    .boolean()
    .default(false)
    .describe("Whether its programs may start pods in <project>-compute, by the project's service account."),
});

const site = z.strictObject({
  kind: z.enum(SITES).describe("A page that shows files of the storage, which it can only read."),
  storage,
  folder: folder.describe("Of the storage: what the page is made from."),
  file: file.optional().describe("The program in the folder. Default: that of the kind, such as app.py."),
  ...common,
  replicas: z
    .int("is not a whole number; write how many pods serve the page")
    .min(1, "is less than 1; write 1 or more")
    .max(20, "is more than 20; write 20 or less")
    .default(1),
  public: publicPage,
});

const store = z.strictObject({
  kind: z.enum(STORES).describe("An object store, for programs of the project."),
  storage: dnsLabel.describe("Storage of the project that no other stack uses."),
  ...common,
});

const count = (what: string) =>
  z
    .int(`is not a whole number; write ${what}`)
    .min(1, `is less than 1; write ${what}`)
    .max(100, `is more than 100; write ${what}`);

const percent = z
  .int("is not a whole number; write a percentage of the request, such as 50")
  .min(1, "is less than 1; write a percentage of the request, such as 50")
  .max(1000, "is more than 1000; write a percentage of the request, such as 50");

const cluster = z.strictObject({
  kind: z
    .enum(CLUSTERS)
    .describe("A scheduler with workers, whose number follows the load; pods of the project reach it."),
  storage: dnsLabel.optional().describe("Storage of the project, at /data of each worker. Default: none."),
  image: common.image,
  workers: z
    .strictObject({
      min: count("the fewest workers").default(1),
      max: count("the most workers").default(8),
      cpuPercent: percent
        .default(50)
        .describe("Use of the requested CPU, averaged over all workers, at which their number stays."),
      memoryPercent: percent
        .default(50)
        .describe("The same of memory; the one that needs more workers counts."),
      scaleDownSeconds: z
        .int("is not a whole number; write seconds")
        .min(0, "is less than 0; write 0 to 3600")
        .max(3600, "is more than 3600; write 0 to 3600")
        .default(300)
        .describe("How long the load must be low before workers are removed."),
      cpu: amounts(cpu).default({ request: "500m", limit: "1" }),
      memory: amounts(bytes).default({ request: "1Gi", limit: "4Gi" }),
    })
    .prefault({}),
});

export const stackSchema = z.discriminatedUnion("kind", [notebook, site, store, cluster]);

export type NotebookConfig = z.output<typeof notebook>;
export type SiteConfig = z.output<typeof site>;
export type StoreConfig = z.output<typeof store>;
export type ClusterConfig = z.output<typeof cluster>;
export type StackConfig = z.output<typeof stackSchema>;
