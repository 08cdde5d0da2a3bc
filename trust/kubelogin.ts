/** Sign-in at an identity provider by kubelogin, kubectl's plugin for OpenID Connect. */
import type { CredentialProgram } from "./kubeconfig";

/** The identity provider of `cluster.oidc`. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly usernameClaim: string;
}

const INSTALL =
  "kubelogin signs you in: kubectl krew install oidc-login, or https://github.com/int128/kubelogin";

/** Claims that a provider includes only for a scope (OpenID Connect Core 1.0, 5.4). */
const SCOPES: Readonly<Record<string, string>> = {
  email: "email",
  name: "profile",
  nickname: "profile",
  preferred_username: "profile",
};

/** It opens a browser, and stores the tokens in the user's own cache. */
export function kubelogin({ issuer, clientId, usernameClaim }: IdentityProvider): CredentialProgram {
  const scope = SCOPES[usernameClaim];
  return {
    command: "kubectl",
    args: [
      "oidc-login",
      "get-token",
      `--oidc-issuer-url=${issuer}`,
      `--oidc-client-id=${clientId}`,
      ...(scope === undefined ? [] : [`--oidc-extra-scope=${scope}`]),
    ],
    installHint: INSTALL,
  };
}
