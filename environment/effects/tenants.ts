/** Effects of `tenants`, on the owner's side. */
import type { TenantConfig } from "../config";
import type { EntryEffects } from "../parts/effects";
import { inPlace, stopped } from "./words";

const RULES = inPlace("rules for the tenant change; its own configuration has to follow");

export const TENANTS_EFFECTS: EntryEffects<TenantConfig> = {
  kind: "entries",
  name: "<tenant>",
  entry: inPlace(
    "rights and rules of a new one are made; one that is left out stops the run while it has objects",
  ),
  each: {
    slot: stopped({
      would: "cuts the tenant's servers off, whose addresses are those of the old slot",
      instead: "destroy the tenant first, or allow it and bring the tenant up next",
      allowedAs: "interrupt",
    }),
    ingress: { http: RULES, https: RULES },
    window: { from: RULES, to: RULES },
    edge: RULES,
    namespaces: inPlace("a new one is made; one that is left out stops the run while it has objects"),
    hosts: RULES,
    images: RULES,
  },
};
