/** Effects of `rules`: what the API server lets into namespaces. */
import type { RulesConfig } from "../config";
import type { Effects } from "../parts/effects";
import { inPlace } from "./words";

const FROM_THEN_ON = inPlace("the API server judges by it from then on; what runs stays as it is");

export const RULES_EFFECTS: Effects<RulesConfig> = {
  images: { kind: FROM_THEN_ON, from: FROM_THEN_ON },
  loadBalancers: FROM_THEN_ON,
  hosts: FROM_THEN_ON,
  exceptions: {
    kind: "entries",
    name: "<namespace>",
    entry: FROM_THEN_ON,
    each: { allow: FROM_THEN_ON, reason: inPlace("an annotation of the policies' bindings changes") },
  },
};
