/** Failures of the state's backend: the engine's report as one message with what to do. */
import { bucketPlace, type BucketPlace } from "../../environment/backend-url";
import { readProject } from "../../environment/project-file";

/** The URL of the backend as far as it is known without a query: the shell's, else the project's. */
export function knownBackend(directory: string, environment: NodeJS.ProcessEnv): string | undefined {
  const given = environment["PULUMI_BACKEND_URL"];
  if (given !== undefined && given !== "") return given;
  const read = readProject(directory);
  return read.ok ? read.project.backendUrl : undefined;
}

/** One cause: how the engine or the client of the object store reports it, and the message for the user. */
interface Cause {
  readonly pattern: RegExp;
  readonly message: (place: string, found: RegExpExecArray) => string;
}

const KEYS =
  "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as openstack ec2 credentials create prints them";

/**
 * The first match. A server may answer a wrong key with another code than Amazon's, but never without 403 or a user.
 */
const CAUSES: readonly Cause[] = [
  {
    pattern:
      /no EC2 IMDS role found|failed to refresh cached credentials|Could not load credentials|failed to get shared config profile/,
    message: (place) => `no key for ${place} was given; ${KEYS}, or AWS_PROFILE`,
  },
  {
    pattern: /SignatureDoesNotMatch/,
    message: (place) => `the secret key does not fit the access key of ${place}; ${KEYS}`,
  },
  {
    pattern: /InvalidAccessKeyId|UserNotFound|InvalidClientTokenId/,
    message: (place) => `this access key is unknown at ${place}; ${KEYS}`,
  },
  {
    pattern: /AccessDenied|StatusCode: 403/,
    message: (place) => `the key may not use ${place}; use one of the project that the bucket belongs to`,
  },
  {
    pattern: /NoSuchBucket|specified bucket does not exist/,
    message: (place) =>
      `${place} does not exist; make it, with versioning, or correct the name in Pulumi.yaml`,
  },
  {
    pattern: /region "([^"]*)" is wrong; expecting "([^"]*)"/,
    message: (place, [, given = "", wanted = ""]) =>
      `${place} is in region ${wanted}, not ${given}; correct region in Pulumi.yaml`,
  },
  {
    pattern: /AuthorizationHeaderMalformed/,
    message: (place) =>
      `requests to ${place} are signed for another region than its own; correct region in Pulumi.yaml`,
  },
  {
    pattern:
      /(connection refused|no such host|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|i\/o timeout|deadline exceeded|network is unreachable|no route to host|certificate[^\n]*)/i,
    message: (place, [reason = ""]) =>
      `${place} does not answer: ${reason}; check the address, your network and the VPN`,
  },
  {
    pattern: /passphrase must be set with/,
    message: () =>
      "the passphrase of the state's secrets was not given; set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE",
  },
  {
    pattern: /incorrect passphrase/,
    message: () =>
      "the passphrase is not the one that the state's secrets were encrypted with; without that one they cannot be read",
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|invalid access token/,
    message: () => "you are not logged in; run: pulumi login",
  },
  {
    pattern:
      /unable to open [^\n]*: (?:open|stat|mkdir) ([^:\n]+): (no such file or directory|permission denied)/,
    message: (_, [, folder = "", reason = ""]) => `${folder}: ${reason}; make the folder, or mount it`,
  },
];

/** Marks of a failure of the state's backend, as opposed to one of the cloud. */
const STATE_FAILURE =
  /operation error S3|blob \(|unable to open |passphrase|PULUMI_ACCESS_TOKEN|access token/;

/**
 * The message when the engine failed; undefined for a failure that is not the backend's.
 * @param backend its URL, if it is known
 */
export function backendFailureText(message: string, backend: string | undefined): string | undefined {
  return STATE_FAILURE.test(message) ? causeText(message, backend) : undefined;
}

/** The same for an answer of the object store itself. */
export function causeText(failure: string, backend: Backend): string | undefined {
  for (const { pattern, message: text } of CAUSES) {
    const found = pattern.exec(failure);
    if (found !== null)
      return `the state cannot be read, nothing was changed: ${text(placeText(backend), found)}`;
  }
  return undefined;
}

/** A URL, or its bucket. */
type Backend = string | BucketPlace | undefined;

/** `bucket prod-state at https://object-store.example.org` */
export function placeText(backend: Backend): string {
  if (backend === undefined) return "the backend";
  const place = typeof backend === "string" ? bucketPlace(backend) : backend;
  if (place === undefined) return typeof backend === "string" ? backend : "the backend";
  const { bucket, prefix, endpoint } = place;
  const inside = prefix === "" ? "" : `, folder ${prefix}`;
  return `bucket ${bucket}${inside}${endpoint === undefined ? "" : ` at ${endpoint}`}`;
}
