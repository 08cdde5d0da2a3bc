/** Reads the bucket of a state: locks, and whether it is versioned. The engine does everything else. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { BucketPlace } from "../../environment/backend-url";
import { UserError } from "./failure";
import { causeText, placeText } from "./backend-failure";

/** Milliseconds to connect, and for an answer. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 15_000 } as const;

/** As S3 reports it; `unknown` where a server does not support the request. */
export type Versioning = "on" | "suspended" | "off" | "unknown";

export interface StateBucket {
  /** The contents of all objects in a folder. */
  texts(folder: string): Promise<readonly string[]>;
  versioning(): Promise<Versioning>;
}

/**
 * Opens a bucket and reads something from it.
 * @throws UserError with why it cannot be read, and what to do
 */
export async function withBucket<T>(
  place: BucketPlace,
  ask: (bucket: StateBucket) => Promise<T>,
): Promise<T> {
  try {
    return await ask(await openBucket(place));
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new UserError(causeText(reason, place) ?? `${placeText(place)} cannot be read: ${reason}`);
  }
}

/** Loaded only where a state is in a bucket: the client takes a quarter of a second. */
async function openBucket(place: BucketPlace): Promise<StateBucket> {
  // Else it warns on Node 20 that its versions of 2027 will require a newer one; ours is pinned.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  const s3 = await import("@aws-sdk/client-s3");
  const client: S3Client = new s3.S3Client({
    region: place.region ?? process.env["AWS_REGION"] ?? "us-east-1",
    forcePathStyle: place.pathStyle,
    // Checksums are Amazon's: other servers may not support them. The engine omits them too.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: TIMEOUTS,
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
    ...(place.profile === undefined ? {} : { profile: place.profile }),
  });
  const Bucket = place.bucket;
  const root = place.prefix === "" ? "" : `${place.prefix}/`;

  async function text(Key: string): Promise<string | undefined> {
    try {
      const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToString();
    } catch (error) {
      // A lock may be removed between listing and reading.
      if (error instanceof s3.NoSuchKey) return undefined;
      throw error;
    }
  }

  return {
    texts: async (folder) => {
      const keys: string[] = [];
      const pages = s3.paginateListObjectsV2({ client }, { Bucket, Prefix: `${root}${folder}/` });
      for await (const { Contents = [] } of pages) keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
      const texts = await Promise.all(keys.sort().map(text));
      return texts.filter((each) => each !== undefined);
    },
    versioning: async () => {
      try {
        const { Status } = await client.send(new s3.GetBucketVersioningCommand({ Bucket }));
        return Status === "Enabled" ? "on" : Status === "Suspended" ? "suspended" : "off";
      } catch (error) {
        if (error instanceof Error && isUnsupported(error.name)) return "unknown";
        throw error;
      }
    },
  };
}

/** Codes of servers without versioning. */
function isUnsupported(code: string): boolean {
  return ["NotImplemented", "MethodNotAllowed", "VersioningNotConfigured"].includes(code);
}
