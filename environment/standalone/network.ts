/** The plan of one network, from what an engineer wrote. */
import { z } from "zod";
import type { InfraPlan } from "../plan/infra-plan";
import { networkPlan } from "../plan/network";
import { managedNetwork } from "../schema/network";
import { tag } from "../schema/primitives";
import { checked, emptyPlan } from "./plan";

const SCHEMA = managedNetwork.extend({ tags: z.array(tag).default([]) });

/** @throws FindingsError with everything that is wrong */
export function networkPlanOf(name: string, written: object): InfraPlan {
  const { tags, ...network } = checked(SCHEMA, name, { kind: "managed", ...written });
  return emptyPlan(name, tags, networkPlan(name, network));
}
