/** The URL of a state, as for `pulumi login` and `backend.url`. */
import { assertNever } from "../errors/assert-never";
import type { SecretsConfig, StateConfig } from "./schema/state";

/** Source: the parameters of gocloud.dev's s3blob, by which the engine opens buckets. */
export function backendUrl(state: StateConfig): string {
  switch (state.kind) {
    case "s3":
      return s3Url(state);
    case "file":
      return `file://${state.path}`;
    case "service":
      return state.url;
    default:
      return assertNever(state);
  }
}

type S3State = Extract<StateConfig, { kind: "s3" }>;

function s3Url({ bucket, endpoint, region, prefix, profile, addressing }: S3State): string {
  const parameters = new URLSearchParams({
    endpoint: endpoint.replace(/\/+$/, ""),
    region,
    ...(addressing === "path" ? { s3ForcePathStyle: "true" } : {}),
    ...(profile === undefined ? {} : { profile }),
  });
  return `s3://${bucket}${prefix === undefined ? "" : `/${prefix}`}?${parameters.toString()}`;
}

/** Value for `pulumi stack init --secrets-provider`. */
export function secretsProvider(secrets: SecretsConfig): string {
  switch (secrets.kind) {
    case "passphrase":
      return "passphrase";
    case "key":
      return secrets.url;
    case "service":
      return "default";
    default:
      return assertNever(secrets);
  }
}

/** Location of a bucket, parsed from the URL of a backend; from our own URLs and manually written ones. */
export interface BucketPlace {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the bucket itself. */
  readonly prefix: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly pathStyle: boolean;
}

/** Undefined if it is not an S3 backend. */
export function bucketPlace(url: string): BucketPlace | undefined {
  if (!url.startsWith("s3://") || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const given = (name: string) => parsed.searchParams.get(name) ?? undefined;
  const [endpoint, region, profile] = [endpointOf(parsed), given("region"), given("profile")];
  return {
    bucket: parsed.hostname,
    prefix: parsed.pathname.replace(/^\/+|\/+$/g, ""),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    pathStyle: (given("s3ForcePathStyle") ?? given("use_path_style")) === "true",
  };
}

/** Older URLs have only the host, and `disableSSL` for plain HTTP. */
function endpointOf({ searchParams }: URL): string | undefined {
  const given = searchParams.get("endpoint");
  if (given === null || given.includes("://")) return given ?? undefined;
  return `${searchParams.get("disableSSL") === "true" ? "http" : "https"}://${given}`;
}
