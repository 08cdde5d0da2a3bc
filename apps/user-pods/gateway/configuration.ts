/** `apps.userPods.exposure` by the gateway: who signs in how, and when idle pods are stopped. */
import { z } from "zod";
import { hostName } from "../../../environment/schema/primitives";
import { identitySchema } from "./identity/configuration";

const seconds = (least: number, most: number) =>
  z
    .int("is not a whole number; write seconds")
    .min(least, `is less than ${least}; write seconds, ${least} or more`)
    .max(most, `is more than ${most}; write seconds, ${most} or less`);

const idle = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("stop"),
    afterSeconds: seconds(300, 2_592_000)
      .default(7200)
      .describe(
        "A pod is stopped when its user did nothing through the gateway for this long, open tabs or not.",
      ),
    everySeconds: seconds(10, 3600).default(60).describe("How often the gateway looks."),
  }),
  z.strictObject({ kind: z.literal("keep").describe("Pods run until their users stop them.") }),
]);

export const gatewaySchema = z.strictObject({
  kind: z
    .literal("gateway")
    .describe("A page on which people sign in, and start, open and stop their own pods: /uid<UID>."),
  host: hostName.optional().describe("Of the gateway alone. Default: pods.<domain>."),
  identity: identitySchema.describe("Who somebody is."),
  idle: idle.prefault({ kind: "stop" }).describe("What becomes of pods that nobody uses."),
  stripPath: z
    .boolean()
    .default(true)
    .describe("Whether the pod gets requests without /uid<UID>; false for programs that know their path."),
});

export type GatewayConfig = z.output<typeof gatewaySchema>;
export type IdleConfig = z.output<typeof idle>;
