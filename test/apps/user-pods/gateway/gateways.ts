/** The example's users' pods behind a gateway, for tests. */
import type { Json } from "../../../environment/configs";
import { userPodsManifests, userPodsPlan } from "../pods";
import type { Manifest } from "../../manifests";

export const OIDC: Json = { kind: "oidc", issuer: "https://id.example.org/realms/lab", clientId: "pods" };
export const LDAP: Json = { kind: "ldap" };
export const AUTH_URL: Json = {
  kind: "authUrl",
  url: "http://oauth2-proxy.sign-in.svc.cluster.local/oauth2/auth",
  signIn: "https://id.example.org/oauth2/start",
};

export const DIRECTORY: Json = { url: "ldaps://ldap.example.org", base: "ou=people,dc=example,dc=org" };

/** Changes of the example by which the gateway is the way in. */
export function behindGateway(identity: Json, changes: Json = {}, exposure: Json = {}): Json {
  return {
    exposure: { kind: "gateway", identity, ...exposure },
    ...(identity["kind"] === "ldap" ? { directory: DIRECTORY } : {}),
    ...changes,
  };
}

export function gatewayManifests(
  identity: Json,
  changes: Json = {},
  exposure: Json = {},
): readonly Manifest[] {
  return userPodsManifests(userPodsPlan(behindGateway(identity, changes, exposure)));
}
