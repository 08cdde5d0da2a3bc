/** Credentials of an environment that `labstead rotate` can renew, with the effects. */
import { assertNever } from "../errors/assert-never";
import type { EnvironmentPlan } from "./plan/types";
import type { SecretPlan } from "./plan/types-secrets";

export type Rotation =
  /** A new one is created under another name, its readers switch to it, then the old one is revoked. */
  | { readonly kind: "credential"; readonly what: string; readonly key: string; readonly does: string }
  /** A new value is created, and its Secrets get it in the same run. */
  | { readonly kind: "secret"; readonly what: string; readonly does: string }
  /** Not by this program. */
  | { readonly kind: "refused"; readonly what: string; readonly why: string };

export function rotations(plan: EnvironmentPlan): readonly Rotation[] {
  return [...plan.applicationCredentials.map(credential), ...plan.secrets.map(secretRotation)];
}

function credential({ key, generation }: EnvironmentPlan["applicationCredentials"][number]): Rotation {
  return {
    kind: "credential",
    what: `credential/${key}`,
    key,
    does: `generation ${String(generation + 1)} is made, its readers take it over, then generation ${String(generation)} is revoked`,
  };
}

/** A secret by itself. */
export function secretRotation(each: SecretPlan): Exclude<Rotation, { kind: "credential" }> {
  const what = each.name;
  if (each.kind === "given")
    return {
      kind: "refused",
      what,
      why: `it is yours: pulumi config set --secret labstead:${each.configKey}`,
    };
  const { rotation } = each;
  switch (rotation.kind) {
    case "rotate":
      return { kind: "secret", what, does: rotation.does };
    case "refused":
      return { kind: "refused", what, why: rotation.why };
    default:
      return assertNever(rotation);
  }
}
