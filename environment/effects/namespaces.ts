/** Effects of `namespaces`: what namespaces may use. */
import type { NamespaceLimitsConfig } from "../config";
import type { EntryEffects } from "../parts/effects";
import { each, inPlace } from "./words";

const QUOTA = inPlace("what runs stays; new pods and claims are refused beyond it");
const DEFAULTS = inPlace("new containers get it; those that run keep theirs");

export const NAMESPACES_EFFECTS: EntryEffects<NamespaceLimitsConfig> = {
  kind: "entries",
  name: "<namespace>",
  entry: QUOTA,
  each: {
    ...each(["pods", "claims", "storage", "largestClaim"], QUOTA),
    requests: each(["cpu", "memory", "ephemeralStorage"], QUOTA),
    limits: each(["cpu", "memory", "ephemeralStorage"], QUOTA),
    containers: {
      requests: each(["cpu", "memory", "ephemeralStorage"], DEFAULTS),
      limits: each(["cpu", "memory", "ephemeralStorage"], DEFAULTS),
    },
  },
};
