/** The secrets of a hub: how each is generated, what a new value does, and the environment variable that carries it. */
import type { GivenSecretPlan, PasswordPlan } from "../../environment/plan/types-secrets";
import { assertNever } from "../../errors/assert-never";
import type { HomesConfig } from "./configuration";
import type { SignInConfig } from "./sign-in/configuration";

/** With which the hub configures its proxy. */
function proxyToken(hub: string): PasswordPlan {
  return {
    kind: "password",
    name: `hub.${hub}.proxy-token`,
    length: 64,
    rotation: {
      kind: "rotate",
      does: "hub and proxy take it when you restart their Deployments; running servers stay, and answer again after it",
    },
  };
}

/** Signs the cookies of people who are signed in. */
function cookieSecret(hub: string): PasswordPlan {
  return {
    kind: "password",
    name: `hub.${hub}.cookie-secret`,
    length: 64,
    rotation: {
      kind: "rotate",
      does: "the hub takes it when you restart its Deployment; people sign in again",
    },
  };
}

/** Encrypts what an identity provider says about a person, in the hub's database. */
function cryptKey(hub: string): PasswordPlan {
  return {
    kind: "password",
    name: `hub.${hub}.crypt-key`,
    length: 64,
    rotation: {
      kind: "rotate",
      does: "the hub takes it when you restart its Deployment; what it kept of people's sign-in is unreadable, so they sign in again",
    },
  };
}

/** What an LTI 1.1 platform signs its launches with. */
function ltiSecret(hub: string): PasswordPlan {
  return {
    kind: "password",
    name: `hub.${hub}.lti-secret`,
    length: 64,
    rotation: { kind: "rotate", does: "launches fail until the new secret is entered in the platform" },
  };
}

/** The hub's own secret at an OpenID Connect provider. */
function clientSecret(hub: string): GivenSecretPlan {
  return { kind: "given", name: `hub.${hub}.client-secret`, configKey: `hub-${hub}-client-secret` };
}

/** The keys of the object store, for the copies of all hubs. */
export const BACKUP_SECRETS = {
  accessKey: { kind: "given", name: "hub.backups.access-key", configKey: "hub-backups-access-key" },
  secretKey: { kind: "given", name: "hub.backups.secret-key", configKey: "hub-backups-secret-key" },
} as const satisfies Readonly<Record<string, GivenSecretPlan>>;

/** By which `labstead hubs` comes in, inside of the hub's pod. */
function peopleToken(hub: string): PasswordPlan {
  return {
    kind: "password",
    name: `hub.${hub}.people-token`,
    length: 64,
    rotation: {
      kind: "rotate",
      does: "the hub takes it when you restart its Deployment; running servers stay",
    },
  };
}

/** With which the hub asks its drive for homes. */
export function driveToken(hub: string): PasswordPlan {
  return {
    kind: "password",
    name: `hub.${hub}.drive-token`,
    length: 64,
    rotation: {
      kind: "rotate",
      does: "hub and drive take it when you restart their Deployments; no server starts in between, and running ones wait for the drive",
    },
  };
}

/** By which the metrics are read. */
export function metricsToken(hub: string): PasswordPlan {
  return {
    kind: "password",
    name: `hub.${hub}.metrics-token`,
    length: 64,
    rotation: {
      kind: "rotate",
      does: "the hub takes it when you restart its Deployment; metrics are missing until whoever scrapes has it too",
    },
  };
}

/** Variables of the hub's process that carry its secrets, since its configuration file is in a ConfigMap. */
export const SECRET_VARIABLES = {
  proxyToken: "CONFIGPROXY_AUTH_TOKEN",
  cookieSecret: "JPY_COOKIE_SECRET",
  peopleToken: "LABSTEAD_API_TOKEN",
  metricsToken: "METRICS_API_TOKEN",
  cryptKey: "JUPYTERHUB_CRYPT_KEY",
  ltiSecret: "LTI_SHARED_SECRET",
  clientSecret: "OAUTH_CLIENT_SECRET",
  driveToken: "DRIVE_TOKEN",
} as const;

/** A secret of a hub, by its key of the Secret `hub`. */
export type HubSecret = keyof typeof SECRET_VARIABLES;

/** The secrets that a hub of this configuration uses. @param metrics whether they are read */
export function hubSecrets(
  hub: string,
  { signIn, homes }: { readonly signIn: SignInConfig; readonly homes: Pick<HomesConfig, "kind"> },
  metrics: boolean,
): ReadonlyMap<HubSecret, PasswordPlan | GivenSecretPlan> {
  const common: readonly (readonly [HubSecret, PasswordPlan | GivenSecretPlan])[] = [
    ["proxyToken", proxyToken(hub)],
    ["cookieSecret", cookieSecret(hub)],
    ["peopleToken", peopleToken(hub)],
    ...(metrics ? [["metricsToken", metricsToken(hub)] as const] : []),
    ...(homes.kind === "drive" ? [["driveToken", driveToken(hub)] as const] : []),
  ];
  switch (signIn.kind) {
    case "lti11":
      return new Map([...common, ["ltiSecret", ltiSecret(hub)]]);
    case "oidc":
      return new Map([...common, ["cryptKey", cryptKey(hub)], ["clientSecret", clientSecret(hub)]]);
    case "lti13":
    case "native":
    case "dummy":
      return new Map(common);
    default:
      return assertNever(signIn);
  }
}
