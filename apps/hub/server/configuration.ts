/** A user's server in `apps.hub`: image, resources, and the profiles that override them. */
import { z } from "zod";
import { chosenImage } from "../../../environment/schema/images";
import { bytes, cpu } from "../../../environment/schema/quantities";
import { identityWord, line, urlPath } from "../../../environment/schema/texts";

const DEVICE = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;

const interfacePath = urlPath.describe("What opens: /lab, /rstudio, /tree.");

/** zero-to-jupyterhub's words: a guarantee is Kubernetes' request. */
const cpuAmounts = z.strictObject({
  guarantee: cpu.default("100m"),
  limit: cpu.default("1"),
});
const memoryAmounts = z.strictObject({
  guarantee: bytes.default("512Mi"),
  limit: bytes.default("1Gi"),
});

export const serverSchema = z.strictObject({
  image: chosenImage.optional().describe("Default: Jupyter's base-notebook, at a fixed tag."),
  cpu: cpuAmounts.prefault({}),
  memory: memoryAmounts.prefault({}),
  defaultUrl: interfacePath.default("/lab"),
  startSeconds: z
    .int("is not a whole number; write seconds")
    .min(30, "is less than 30; write 30 or more, since an image may have to be pulled")
    .max(3600, "is more than 3600; write 3600 or less")
    .default(300)
    .describe("How long a server may take to start before its start is reported as failed, with the reason."),
  internet: z
    .boolean()
    .default(true)
    .describe("Whether servers reach public addresses; private ones and the cloud's metadata they never do."),
});

export const profileSchema = z.strictObject({
  title: line("what a person chooses by", 80),
  description: line("what the profile is for").optional(),
  groups: z
    .array(identityWord("a group"))
    .min(1, "is empty, so nobody could choose it; list groups, or leave the key out to offer it to everybody")
    .meta({ minItems: 1 })
    .optional()
    .describe(
      "Whose members are offered it: groups of the provider with oidc, else of the hub's admin page. Default: everybody.",
    ),
  image: chosenImage.optional(),
  cpu: cpuAmounts.optional(),
  memory: memoryAmounts.optional(),
  defaultUrl: interfacePath.optional(),
  gpu: z
    .strictObject({
      resource: z
        .string()
        .regex(DEVICE, "is not a device; write its name, such as nvidia.com/gpu")
        .default("nvidia.com/gpu"),
      count: z
        .int("is not a whole number; write how many a server gets")
        .min(1, "is less than 1; write how many a server gets, or leave gpu out")
        .max(16, "is more than 16; no node has that many")
        .default(1),
    })
    .optional(),
});

export type ServerConfig = z.output<typeof serverSchema>;
export type ProfileConfig = z.output<typeof profileSchema>;
