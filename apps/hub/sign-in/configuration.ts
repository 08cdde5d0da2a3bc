/** Who comes into a hub: `signIn` of `apps.hub`. There is no default: who is let in is always written down. */
import { z } from "zod";
import { identityWord, webAddress } from "../../../environment/schema/texts";

const userName = identityWord("the name of a user");
const https = (what: string) =>
  webAddress("https", `is not an https URL; write ${what}, such as https://id.example.org/authorize`);

const users = z
  .array(userName)
  .min(1, "is empty, so nobody could sign in; list names, or write letIn: {kind: everyone}")
  .meta({ minItems: 1 });

const everyone = z.strictObject({
  kind: z.literal("everyone").describe("Everyone whom the platform or the provider signs in."),
});
const listed = z.strictObject({ kind: z.literal("listed"), users });
const letIn = z.discriminatedUnion("kind", [everyone, listed]);

/** An LTI 1.1 platform, such as Canvas or Moodle; the shared secret is generated. */
const lti11 = z.strictObject({
  kind: z.literal("lti11"),
  consumerKey: identityWord("the consumer key").describe("Entered in the platform, with the shared secret."),
  usernameKey: identityWord("a parameter of a launch")
    .default("user_id")
    .describe("Parameter of a launch that names the person; it must never name two people."),
  letIn,
});

/** An LTI 1.3 platform. It has no shared secret: the platform signs with its key. */
const lti13 = z.strictObject({
  kind: z.literal("lti13"),
  issuer: https("the platform's issuer"),
  clientId: identityWord("the client's id"),
  authorizeUrl: https("the platform's authorization endpoint"),
  jwksUrl: https("the platform's key set"),
  usernameKey: identityWord("a claim of a launch").default("sub"),
  letIn,
});

/** A university's sign-in, through Keycloak, CILogon or another OpenID Connect provider. */
const oidc = z.strictObject({
  kind: z.literal("oidc"),
  clientId: identityWord("the client's id").describe(
    "Its secret is given by pulumi config set --secret labstead:hub-<hub>-client-secret.",
  ),
  authorizeUrl: https("the provider's authorization endpoint"),
  tokenUrl: https("the provider's token endpoint"),
  userdataUrl: https("the provider's userinfo endpoint"),
  usernameClaim: identityWord("the name of a claim").default("preferred_username"),
  groupsClaim: identityWord("the name of a claim").default("groups"),
  scopes: z.array(identityWord("a scope")).default(["openid", "profile", "email"]),
  adminGroups: z.array(identityWord("a group of the provider")).default([]),
  letIn: z.discriminatedUnion("kind", [
    everyone,
    listed,
    z.strictObject({
      kind: z.literal("groups").describe("Members of groups of the provider."),
      groups: z
        .array(identityWord("a group of the provider"))
        .min(1, "is empty, so nobody could sign in; list at least one group")
        .meta({ minItems: 1 }),
    }),
  ]),
});

/** Names and passwords of the hub's own. People sign up; an admin lets each of them in. */
const native = z.strictObject({
  kind: z.literal("native"),
  minimumPasswordLength: z
    .int("is not a whole number; write a number of characters")
    .min(8, "is less than 8; write 8 or more")
    .max(72, "is more than 72, of which bcrypt reads no more; write 72 or less")
    .default(12),
  failedLogins: z
    .int("is not a whole number; write how many wrong passwords are allowed")
    .min(1, "is less than 1; write 1 or more, since 0 would never lock a name")
    .max(100, "is more than 100; write 100 or less")
    .default(5)
    .describe("Wrong passwords in a row before the name is locked."),
  lockSeconds: z
    .int("is not a whole number; write seconds")
    .min(60, "is less than 60; write 60 or more")
    .max(86_400, "is more than 86400; write 86400 or less")
    .default(600)
    .describe("How long a name stays locked."),
});

/** Any name with any password; refused for a hub that is published. */
const dummy = z.strictObject({
  kind: z.literal("dummy").describe("Any name, any password: for trying out, never published."),
});

export const signInSchema = z
  .discriminatedUnion("kind", [native, oidc, lti13, lti11, dummy])
  .describe("How people sign in, and who is let in.");

export type SignInConfig = z.output<typeof signInSchema>;
