/** The plan of one volume, from what an engineer wrote. */
import { z } from "zod";
import type { InfraPlan } from "../plan/infra-plan";
import { cloudName, zoneName } from "../schema/primitives";
import { gibibytes, size } from "../schema/quantities";
import { checked, emptyPlan, NO_NETWORK } from "./plan";

const SCHEMA = z.strictObject({
  size,
  type: cloudName.optional(),
  availabilityZone: zoneName.optional(),
  protect: z.boolean().default(true),
});

/** @throws FindingsError with everything that is wrong */
export function volumePlanOf(name: string, written: object): InfraPlan {
  const { size: given, type, availabilityZone, protect } = checked(SCHEMA, name, written);
  const volume = {
    key: name,
    name,
    server: name,
    sizeGiB: gibibytes(given),
    ...(type === undefined ? {} : { volumeType: type }),
    ...(availabilityZone === undefined ? {} : { availabilityZone }),
    use: { kind: "raw", device: "" } as const,
    protect,
    metadata: {},
  };
  return { ...emptyPlan(name, [], NO_NETWORK), volumes: [volume] };
}
