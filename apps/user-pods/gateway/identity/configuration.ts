/** `apps.userPods.exposure.identity`: how the gateway learns who somebody is. There is no default. */
import { z } from "zod";
import { authorities } from "../../../../environment/schema/certificates";
import { identityWord, line, webAddress } from "../../../../environment/schema/texts";

const DAY = 86_400;

const sessionSeconds = z
  .int("is not a whole number; write seconds")
  .min(300, "is less than 300; write seconds, 300 or more")
  .max(30 * DAY, "is more than 2592000; write seconds, 2592000 or less")
  .default(DAY / 2)
  .describe("How long a person stays signed in.");

/** Through oauth2-proxy, in the gateway's own pod. */
const oidc = z.strictObject({
  kind: z.literal("oidc").describe("An OpenID Connect provider, asked by oauth2-proxy in the gateway's pod."),
  issuer: webAddress(
    "https",
    "is not the issuer of a provider; write an https URL without a query, such as https://id.example.org/realms/lab",
  ),
  clientId: identityWord("the client's id").describe(
    "Its secret is given by pulumi config set --secret labstead:user-pods-client-secret; its redirect URL is https://<host>/oauth2/callback.",
  ),
  nameClaim: z
    .enum(["preferred_username", "email"])
    .default("preferred_username")
    .describe(
      "Claim that names the person; nobody may be able to change it. E-mail addresses must be verified.",
    ),
  sessionSeconds,
});

/** Against the lab's directory, by the gateway itself. */
const ldap = z.strictObject({
  kind: z.literal("ldap").describe("Name and password on the gateway's page, by a bind to `directory`."),
  dn: line("the entry of a person")
    .regex(/\{name\}/, "names no person; write {name} in it, such as uid={name},ou=people,dc=example,dc=org")
    .optional()
    .describe("Entry of a person, with {name}. Default: <directory.nameAttribute>={name},<directory.base>."),
  authority: authorities
    .optional()
    .describe("Certificate of the authority of the directory, in PEM. Default: Node.js' own."),
  sessionSeconds,
});

const header = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,100}$/, "is not the name of a header; write one such as X-Auth-Request-User");

/** An authentication service that the lab has already. */
const authUrl = z.strictObject({
  kind: z
    .literal("authUrl")
    .describe(
      "A service that answers 2xx with the name in a header, or 401; the gateway asks it for each request.",
    ),
  url: z
    .string()
    .regex(
      /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._~%+@:,=/?&-]*)?$/,
      "is not a URL that the gateway can ask; write one such as http://oauth2-proxy.sign-in.svc.cluster.local/oauth2/auth",
    ),
  nameHeader: header
    .default("X-Auth-Request-Preferred-Username")
    .describe("Header of the service's answer with the name of the person."),
  cookie: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, "is not the name of a cookie; write one such as _oauth2_proxy")
    .default("_oauth2_proxy")
    .describe("Cookie of the service, also with a number after it; no pod gets it."),
  signIn: webAddress(
    "https?",
    "is not the URL of a page; write where people sign in, such as https://id.example.org/oauth2/start",
  )
    .optional()
    .describe("Page to which a browser is sent with the wanted page as rd. Default: the answer 401."),
  signOut: webAddress(
    "https?",
    "is not the URL of a page; write where people sign out, such as https://id.example.org/oauth2/sign_out",
  )
    .optional()
    .describe("Default: the gateway's own page."),
});

export const identitySchema = z.discriminatedUnion("kind", [oidc, ldap, authUrl]);

export type IdentityConfig = z.output<typeof identitySchema>;
