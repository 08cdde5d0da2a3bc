/** `apps.guestbook` of an environment. */
import { z } from "zod";
import { dnsLabel, hostName, nodePort } from "../../../environment/schema/primitives";

export const guestbookSchema = z.strictObject({
  namespace: dnsLabel.default("guestbook"),
  host: hostName.describe("Where the book lies open."),
  shell: z.strictObject({ port: nodePort.default(30222) }).prefault({}),
  gpu: z.boolean().default(false),
  nodes: z.string().optional(),
  fails: z.boolean().default(false),
});

export type GuestbookConfig = z.output<typeof guestbookSchema>;
