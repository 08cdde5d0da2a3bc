/** Where Pulumi stores the state of all stacks of the project: `labstead.state` in Pulumi.yaml. */
import { z } from "zod";

/** Names that every S3 server takes, and that may stand in a host name. */
const bucket = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "is not a bucket's name; use 3 to 63 lower-case letters, digits and hyphens",
  );

/** Without TLS whoever is on the way reads and changes the state, so plain HTTP is for this machine only. */
function isSafeEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.search !== "" || url.hash !== "" || url.username !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

const endpoint = z
  .string()
  .refine(
    isSafeEndpoint,
    "is not an endpoint; write https:// and its host, such as https://object-store.example.org",
  );

const prefix = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/,
    "is not a folder inside the bucket; write it without a slash at its ends, such as labs/prod",
  );

const region = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    "is not a region; write the one that the server signs for, such as us-east-1 or RegionOne",
  );

const profile = z
  .string()
  .regex(/^[A-Za-z0-9._-]+$/, "is not a profile; name a section of ~/.aws/credentials, such as lab");

/** With a path that depends on the working folder, each folder would have a state of its own. */
const folder = z
  .string()
  .regex(
    /^(~|)(\/[A-Za-z0-9._-]+)+$/,
    "is not an absolute path; start with / or ~/, such as ~/labstead-state",
  );

const serviceUrl = z
  .string()
  .regex(/^https:\/\/[^\s/?#@]+$/, "is not the address of a service; write https:// and its host");

/** Schemes of Pulumi's secrets providers that keep the key elsewhere. */
const keyService = z
  .string()
  .regex(
    /^(awskms|azurekeyvault|gcpkms|hashivault):\/\/\S+$/,
    "is not a key; write it as awskms://, azurekeyvault://, gcpkms:// or hashivault://",
  );

const passphrase = z.strictObject({ kind: z.literal("passphrase") });
const keyed = z.strictObject({ kind: z.literal("key"), url: keyService });
const ownSecrets = z
  .discriminatedUnion("kind", [passphrase, keyed])
  .default({ kind: "passphrase" })
  .describe("What encrypts the secrets in the state: a passphrase, or a key in a key management service.");

export const state = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("s3"),
    bucket: bucket.describe("Made beforehand, with versioning: state is written over at every step."),
    endpoint: endpoint.describe("Where the object store answers."),
    region: region.default("us-east-1").describe("The region that requests are signed for."),
    prefix: prefix
      .optional()
      .describe("A prefix inside the bucket, where the bucket is used for other data too."),
    profile: profile
      .optional()
      .describe("Section of ~/.aws/credentials. Default: AWS_PROFILE, or AWS_ACCESS_KEY_ID."),
    addressing: z
      .enum(["path", "host"])
      .default("path")
      .describe("host: the bucket is part of the host name, which needs a wildcard in DNS and certificate."),
    secrets: ownSecrets,
  }),
  z.strictObject({
    kind: z.literal("file"),
    path: folder.describe(
      "A folder of this machine, or a mounted one: locks are effective only for those who share it.",
    ),
    secrets: ownSecrets,
  }),
  z.strictObject({
    kind: z.literal("service"),
    url: serviceUrl.default("https://api.pulumi.com").describe("Pulumi's service, or one of your own."),
    secrets: z
      .discriminatedUnion("kind", [z.strictObject({ kind: z.literal("service") }), passphrase, keyed])
      .default({ kind: "service" })
      .describe("What encrypts the secrets in the state: the service itself, a passphrase, or a key."),
  }),
]);

export type StateConfig = z.output<typeof state>;
export type SecretsConfig = StateConfig["secrets"];
