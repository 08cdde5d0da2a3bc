/** The secrets of the gateway, by their keys in the Secret `gateway`. */
import type { GivenSecretPlan, PasswordPlan } from "../../../environment/plan/types-secrets";
import { assertNever } from "../../../errors/assert-never";
import type { IdentityConfig } from "./identity/configuration";

const ROTATION = {
  kind: "rotate",
  does: "the gateway takes it when you restart its Deployment; people sign in again",
} as const;

/** 32 bytes, as the AES key of oauth2-proxy's cookies needs. */
const COOKIE_SECRET: PasswordPlan = {
  kind: "password",
  name: "user-pods.cookie-secret",
  length: 32,
  rotation: ROTATION,
};

const SESSION_SECRET: PasswordPlan = {
  kind: "password",
  name: "user-pods.session-secret",
  length: 64,
  rotation: ROTATION,
};

const CLIENT_SECRET: GivenSecretPlan = {
  kind: "given",
  name: "user-pods.client-secret",
  configKey: "user-pods-client-secret",
};

/** By key; the variables of the containers are named after the keys. */
export function gatewaySecrets({
  kind,
}: Pick<IdentityConfig, "kind">): Readonly<Record<string, PasswordPlan | GivenSecretPlan>> {
  switch (kind) {
    case "oidc":
      return { OAUTH2_PROXY_COOKIE_SECRET: COOKIE_SECRET, OAUTH2_PROXY_CLIENT_SECRET: CLIENT_SECRET };
    case "ldap":
      return { SESSION_SECRET };
    case "authUrl":
      return {};
    default:
      return assertNever(kind);
  }
}
