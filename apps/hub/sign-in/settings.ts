/** Settings of the authenticator: who comes in. */
import { assertNever } from "../../../errors/assert-never";
import {
  EnvironmentVariable,
  PythonDefinition,
  traitletsOf,
  type PythonValue,
  type Traitlet,
} from "../../../kit/python";
import type { HubPlan } from "../plan";
import { SECRET_VARIABLES } from "../secrets";
import type { SignInConfig } from "./configuration";

type OfKind<Kind extends SignInConfig["kind"]> = Extract<SignInConfig, { readonly kind: Kind }>;
type Traits = Readonly<Record<string, PythonValue>>;

/**
 * The authenticator, and explicitly whom it lets in: since JupyterHub 5 its default is nobody. Someone who is taken off
 * the list stays out, though the database knows the name.
 */
export function signInSettings(plan: HubPlan): readonly Traitlet[] {
  const { name, owner, traits, letIn } = authenticatorOf(plan);
  return [
    ...traitletsOf("JupyterHub", { authenticator_class: name }),
    ...traitletsOf("Authenticator", {
      admin_users: plan.admins,
      allow_existing_users: false,
      ...letInTraits(letIn),
    }),
    ...traitletsOf(owner, traits),
  ];
}

interface Authenticator {
  /** Its entry point or class. */
  readonly name: string | PythonDefinition;
  readonly owner: string;
  readonly traits: Traits;
  readonly letIn: OfKind<"oidc">["letIn"];
}

function authenticatorOf({ signIn, host, path }: HubPlan): Authenticator {
  switch (signIn.kind) {
    case "native":
      return {
        name: "native",
        owner: "NativeAuthenticator",
        traits: nativeTraits(signIn),
        // Whom an admin has approved.
        letIn: { kind: "everyone" },
      };
    case "dummy":
      return { name: "dummy", owner: "DummyAuthenticator", traits: {}, letIn: { kind: "everyone" } };
    case "lti11":
      return {
        name: "ltiauthenticator.lti11.auth.LTI11Authenticator",
        owner: "LTI11Authenticator",
        traits: {
          consumers: { [signIn.consumerKey]: new EnvironmentVariable(SECRET_VARIABLES.ltiSecret) },
          username_key: signIn.usernameKey,
          uri_scheme: schemeOf(host),
        },
        letIn: signIn.letIn,
      };
    case "lti13":
      return {
        name: "ltiauthenticator.lti13.auth.LTI13Authenticator",
        owner: "LTI13Authenticator",
        traits: { ...lti13Traits(signIn), uri_scheme: schemeOf(host) },
        letIn: signIn.letIn,
      };
    case "oidc":
      return {
        name: CHECKED_OAUTHENTICATOR,
        owner: "GenericOAuthenticator",
        traits: oidcTraits(signIn, `${schemeOf(host)}://${host ?? "localhost:8000"}${path}`),
        letIn: signIn.letIn,
      };
    default:
      return assertNever(signIn);
  }
}

/** The ingress ends TLS; a port-forward has none. */
function schemeOf(host: string | undefined): "https" | "http" {
  return host === undefined ? "http" : "https";
}

/** Upstream's own defaults are a password of one character, no lock, and no wait. */
function nativeTraits({ minimumPasswordLength, failedLogins, lockSeconds }: OfKind<"native">): Traits {
  return {
    open_signup: false,
    minimum_password_length: minimumPasswordLength,
    check_common_password: true,
    allowed_failed_logins: failedLogins,
    seconds_before_next_try: lockSeconds,
  };
}

function lti13Traits({ issuer, clientId, authorizeUrl, jwksUrl, usernameKey }: OfKind<"lti13">): Traits {
  return {
    issuer,
    client_id: [clientId],
    authorize_url: authorizeUrl,
    jwks_endpoint: jwksUrl,
    username_key: usernameKey,
  };
}

/**
 * The hub asks the provider again every five minutes, and before each start: groups and admins follow. Upstream's own
 * class does not look then whether the person is still let in, so somebody who left the group would stay; and while the
 * provider does not answer, it answers everybody who works with "500: Internal Server Error".
 */
const CHECKED_OAUTHENTICATOR = new PythonDefinition(
  "CheckedOAuthenticator",
  `
from urllib.parse import urlparse

from oauthenticator.generic import GenericOAuthenticator
from tornado.httpclient import HTTPClientError
from tornado.web import HTTPError


def is_down(error):
    """Whether a provider does not answer, or answers that it cannot."""
    return error.code >= 500 if isinstance(error, HTTPClientError) else True


class CheckedOAuthenticator(GenericOAuthenticator):
    """Lets in again only who is still let in. While the provider is down, who is in stays, and nobody else comes in."""

    async def authenticate(self, handler, data=None, **kwargs):
        try:
            return await super().authenticate(handler, data, **kwargs)
        except (HTTPClientError, OSError) as error:
            if not is_down(error):
                raise
            provider = urlparse(self.token_url).hostname
            self.log.error("%s does not answer: %s", provider, error)
            raise HTTPError(503, f"{provider}, which signs people in here, does not answer. Try again later.") from error

    async def refresh_user(self, user, handler=None, **kwargs):
        try:
            found = await super().refresh_user(user, handler, **kwargs)
        except (HTTPClientError, OSError) as error:
            if not is_down(error):
                raise
            self.log.error("the provider does not answer, so %s stays as before: %s", user.name, error)
            return True
        if isinstance(found, dict) and not await self.check_allowed(user.name, found):
            self.log.warning("%s is no longer let in", user.name)
            return False
        return found
`,
);

/** The provider's groups become the hub's; auth state lets the hub ask again whether a person is still in them. */
function oidcTraits(signIn: OfKind<"oidc">, hubUrl: string): Traits {
  return {
    client_id: signIn.clientId,
    authorize_url: signIn.authorizeUrl,
    token_url: signIn.tokenUrl,
    userdata_url: signIn.userdataUrl,
    oauth_callback_url: `${hubUrl}hub/oauth_callback`,
    username_claim: signIn.usernameClaim,
    scope: signIn.scopes,
    enable_pkce: true,
    enable_auth_state: true,
    refresh_pre_spawn: true,
    manage_groups: true,
    auth_state_groups_key: `oauth_user.${signIn.groupsClaim}`,
    admin_groups: signIn.adminGroups,
  };
}

function letInTraits(letIn: Authenticator["letIn"]): Traits {
  switch (letIn.kind) {
    case "everyone":
      return { allow_all: true };
    case "listed":
      return { allow_all: false, allowed_users: letIn.users };
    case "groups":
      return { allow_all: false, allowed_groups: letIn.groups };
    default:
      return assertNever(letIn);
  }
}
