/** `apps.hub.scheduling`: nodes that are ready for people, for all hubs of the environment together. */
import { z } from "zod";
import { dnsLabel } from "../../../environment/schema/primitives";
import { bytes, cpu } from "../../../environment/schema/quantities";

/** Pods of the size of a node that give their place to people, so that a free node is there before it is needed. */
const placeholders = z.strictObject({
  replicas: z
    .int("is not a whole number; write how many nodes are kept free")
    .min(0, "is less than 0; write how many nodes are kept free")
    .max(100, "is more than 100; write 100 or less")
    .describe("How many nodes are kept free for people."),
  cpu: cpu.describe(
    "Of a placeholder: what a node has free for people, so that no second one fits beside it.",
  ),
  memory: bytes.describe("Likewise."),
});

export const schedulingSchema = z.strictObject({
  namespace: dnsLabel
    .default("hub-scheduling")
    .describe("Of the scheduler, the placeholders and the pullers."),
  userScheduler: z
    .boolean()
    .default(false)
    .describe("People's servers are put on the fullest node that has room, so that nodes become free."),
  userPlaceholder: placeholders
    .optional()
    .describe("One pool for all hubs. Default: none; useful where nodes are added on demand."),
  continuousImagePuller: z
    .boolean()
    .default(false)
    .describe("Every node of people's servers has all images of servers before somebody starts one."),
});

export type SchedulingConfig = z.output<typeof schedulingSchema>;
