/** What the cloud charges, as the operator knows it: `labstead cost` and previews compute with it. */
import { z } from "zod";
import { cloudName } from "./primitives";
import { line } from "./texts";

/** A price in the unit of `prices.in`, for an hour or a month. */
export type Price = `${number}/hour` | `${number}/month`;

/** Decimals of a price: a millionth is the smallest difference. */
export const PRICE_DECIMALS = 6;

/** Of one thing, or of one GiB. */
export const price = z
  .string()
  .regex(
    new RegExp(`^(0|[1-9][0-9]{0,6})([.][0-9]{1,${PRICE_DECIMALS}})?/(hour|month)$`),
    `is not a price; write an amount with up to ${PRICE_DECIMALS} decimals and its period, such as 0.05/hour or 12.50/month`,
  ) as z.ZodType<Price, Price>;

const unit = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("money"),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, "is not a currency; write its code of three capitals, such as EUR"),
    })
    .describe("Prices are amounts of money."),
  z
    .strictObject({
      kind: z.literal("allocation"),
      unit: line("the name of a unit of the allocation").describe("Its name, as the provider writes it: SU."),
    })
    .describe("Prices are units of an allocation that the provider has granted."),
]);

export const prices = z.strictObject({
  in: unit.describe("What all prices are counted in."),
  flavors: z.record(cloudName, price).default({}).describe("Of a server, by flavor."),
  volumeTypes: z.record(cloudName, price).default({}).describe("Of a GiB of a volume, by volume type."),
  defaultVolumeType: price.optional().describe("Of a GiB of volumes that name no volume type."),
  floatingIp: price.optional().describe("Of a floating IP."),
  loadBalancer: price.optional().describe("Of a load balancer of Octavia."),
});

export type PricesConfig = z.output<typeof prices>;
