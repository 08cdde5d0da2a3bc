/** What of an environment's credentials can be made anew, and what that does: the list behind `labstead rotate`. */
import { isOwner } from "./config";
import type { EnvironmentPlan } from "./plan/types";
import { SECRETS, vrrpPassword } from "./secrets";

export type Rotation =
  /** A new one is made under another name, its readers take it over, then the old one is revoked. */
  | { readonly kind: "credential"; readonly what: string; readonly key: string; readonly does: string }
  /** A new value is made, its Secrets take it over in the same run. */
  | { readonly kind: "secret"; readonly what: string; readonly does: string }
  /** Not by this program. */
  | { readonly kind: "refused"; readonly what: string; readonly why: string };

type SecretRule =
  Omit<Extract<Rotation, { kind: "secret" }>, "what"> | Omit<Extract<Rotation, { kind: "refused" }>, "what">;

/** For all VIPs. */
const VRRP_RULE: SecretRule = {
  kind: "refused",
  why: "holders of a VIP get it one after the other, and meanwhile two of them would take the address",
};

/** What a new value does to those who read it. A secret that is not listed is refused: nobody has looked at that. */
const SECRET_RULES: Readonly<Record<string, SecretRule>> = {
  [SECRETS.defaultCertificate]: {
    kind: "secret",
    does: "a new key and certificate; the ingress controller serves them at once, browsers ask again",
  },
  [SECRETS.authSigningKey]: {
    kind: "secret",
    does: "a new key; restart the authorisation service, whose users then sign in again",
  },
  [SECRETS.minioAccessKey]: {
    kind: "secret",
    does: "a new access key for stores that users start from now on; running ones keep theirs until they restart",
  },
  [SECRETS.minioSecretKey]: {
    kind: "secret",
    does: "a new secret key for stores that users start from now on; running ones keep theirs until they restart",
  },
  [SECRETS.wireGuard]: {
    kind: "refused",
    why: "every client's file names its public half: all of them would be cut off until they have a new one",
  },
  [SECRETS.mongoPassword]: {
    kind: "refused",
    why: "MongoDB keeps the password of its first start: change it in the database by db.changeUserPassword, then here",
  },
};

export function rotations(plan: EnvironmentPlan): readonly Rotation[] {
  return [
    ...(isOwner(plan.config) ? plan.applicationCredentials.map(credential) : []),
    ...plan.secrets.map(secretRotation),
  ];
}

function credential({ key, generation }: EnvironmentPlan["applicationCredentials"][number]): Rotation {
  return {
    kind: "credential",
    what: `credential/${key}`,
    key,
    does: `generation ${String(generation + 1)} is made, its readers take it over, then generation ${String(generation)} is revoked`,
  };
}

/** A secret of a plan by itself. */
export function secretRotation(
  each: EnvironmentPlan["secrets"][number],
): Exclude<Rotation, { kind: "credential" }> {
  const what = each.name;
  if (each.kind === "given")
    return {
      kind: "refused",
      what,
      why: `it is yours: pulumi config set --secret labstead:${each.configKey}`,
    };
  const rule = each.name.startsWith(vrrpPassword("")) ? VRRP_RULE : SECRET_RULES[each.name];
  if (rule !== undefined) return { what, ...rule };
  return { kind: "refused", what, why: "what a new value does to those who read it is not known" };
}
