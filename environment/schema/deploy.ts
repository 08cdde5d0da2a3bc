/** How the charts of an environment reach its cluster. */
import { z } from "zod";

export const DEPLOYMENTS = ["objects", "handover", "applySet"] as const;
/**
 * - `objects`: each object is a Pulumi resource.
 * - `handover`: as `objects`; the step from there to `applySet`, in which the state learns that the objects stay.
 * - `applySet`: the objects of a namespace are one Pulumi resource.
 */
export type Deployment = (typeof DEPLOYMENTS)[number];

export const deploy = z
  .enum(DEPLOYMENTS)
  .default("objects")
  .describe(
    "Deployment of the charts: objects as one resource each, or applySet, one for each namespace, for thousands of objects; between them one up with handover.",
  );

const partKey = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/, "is not the key of a part; use letters and digits, as in userPods");

export const deployParts = z
  .record(partKey, z.enum(DEPLOYMENTS))
  .default({})
  .describe(
    "Deployment of the charts of single parts, by the parts' keys, where it differs: `userPods: applySet` for thousands of people.",
  );
