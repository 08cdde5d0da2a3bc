/** The typed choice of a state's place: its URL, and what is said of a wrong one. */
import fc from "fast-check";
import { backendUrl, bucketPlace, secretsProvider } from "../../environment/backend-url";
import { findingText } from "../../environment/findings";
import { parseProject } from "../../environment/project-file";
import type { StateConfig } from "../../environment/schema/state";

const PROJECT = { name: "labstead", runtime: "nodejs" };
const S3 = { kind: "s3", bucket: "prod-state", endpoint: "https://object-store.example.org" };

function stateOf(state: unknown): StateConfig {
  const parsed = parseProject({ ...PROJECT, labstead: { state } });
  if (!parsed.ok) throw new Error(parsed.findings.map(findingText).join("\n"));
  if (parsed.project.state === undefined) throw new Error("no state was parsed");
  return parsed.project.state;
}

function errorsOf(content: unknown): readonly string[] {
  const parsed = parseProject(content);
  return parsed.ok ? [] : parsed.findings.map(findingText);
}

const URLS: readonly (readonly [state: unknown, url: string, secrets: string])[] = [
  [
    S3,
    "s3://prod-state?endpoint=https%3A%2F%2Fobject-store.example.org&region=us-east-1&s3ForcePathStyle=true",
    "passphrase",
  ],
  [
    { ...S3, region: "RegionOne", prefix: "labs/datalabs", profile: "lab", addressing: "host" },
    "s3://prod-state/labs/datalabs?endpoint=https%3A%2F%2Fobject-store.example.org&region=RegionOne&profile=lab",
    "passphrase",
  ],
  [{ kind: "file", path: "/srv/labstead-state" }, "file:///srv/labstead-state", "passphrase"],
  [
    { kind: "file", path: "~/state", secrets: { kind: "key", url: "hashivault://lab" } },
    "file://~/state",
    "hashivault://lab",
  ],
  [{ kind: "service" }, "https://api.pulumi.com", "default"],
  [
    { kind: "service", url: "https://pulumi.example.org", secrets: { kind: "passphrase" } },
    "https://pulumi.example.org",
    "passphrase",
  ],
];

test.each(URLS)("%j", (given, url, secrets) => {
  const state = stateOf(given);
  expect(backendUrl(state)).toBe(url);
  expect(secretsProvider(state.secrets)).toBe(secrets);
});

const WRONG: readonly (readonly [state: unknown, errors: readonly string[]])[] = [
  [
    { kind: "swift", container: "x" },
    ['labstead.state.kind: "swift" is not allowed; write one of s3, file, service'],
  ],
  [
    { ...S3, kind: "s4" },
    ['labstead.state.kind: "s4" is not allowed; write one of s3, file, service (did you mean s3?)'],
  ],
  [
    { kind: "s3" },
    [
      "labstead.state.bucket: is missing; use 3 to 63 lower-case letters, digits and hyphens",
      "labstead.state.endpoint: is missing; write https:// and its host, such as https://object-store.example.org",
    ],
  ],
  [
    { ...S3, bucket: "Prod_State", region: "eu west", path: "x" },
    [
      'labstead.state.bucket: "Prod_State" is not a bucket\'s name; use 3 to 63 lower-case letters, digits and hyphens',
      'labstead.state.region: "eu west" is not a region; write the one that the server signs for, such as us-east-1 or RegionOne',
      "labstead.state.path: is not a key of kind s3; remove it, or set kind to file",
    ],
  ],
  [
    { ...S3, endpoint: "http://object-store.example.org" },
    [
      'labstead.state.endpoint: "http://object-store.example.org" is not an endpoint; write https:// and its host, such as https://object-store.example.org',
    ],
  ],
  [
    { kind: "file", path: "state" },
    ['labstead.state.path: "state" is not an absolute path; start with / or ~/, such as ~/labstead-state'],
  ],
  [
    { kind: "file", path: "/srv/state", secrets: { kind: "service" } },
    ['labstead.state.secrets.kind: "service" is not allowed; write one of passphrase, key'],
  ],
  [
    { ...S3, secrets: { kind: "key", url: "pgp://me" } },
    [
      'labstead.state.secrets.url: "pgp://me" is not a key; write it as awskms://, azurekeyvault://, gcpkms:// or hashivault://',
    ],
  ],
];

test.each(WRONG)("%j is refused", (state, errors) => {
  expect(errorsOf({ ...PROJECT, labstead: { state } })).toEqual(errors);
});

test("a slip in our own part is reported; the rest of the file is Pulumi's", () => {
  expect(errorsOf({ ...PROJECT, labstead: { stat: S3 } })).toEqual([
    "labstead.stat: is not a key that exists here; did you mean state?",
  ]);
  expect(parseProject({ ...PROJECT, plugins: {}, backend: { url: "s3://x" } })).toEqual({
    ok: true,
    project: { name: "labstead", backendUrl: "s3://x" },
  });
});

const word = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/);
const host = fc.tuple(word, fc.integer({ min: 1, max: 65535 }), fc.constantFrom("", "/s3", "/a/b"));

test("whatever is chosen is found again in the URL", () => {
  fc.assert(
    fc.property(
      word,
      host,
      word,
      fc.option(fc.array(word, { minLength: 1, maxLength: 3 })),
      word,
      fc.boolean(),
      (bucket, [name, port, path], region, folders, profile, pathStyle) => {
        const endpoint = `https://${name}.example.org:${String(port)}${path}`;
        const prefix = folders?.join("/");
        const state = stateOf({
          kind: "s3",
          bucket,
          endpoint,
          region,
          profile,
          addressing: pathStyle ? "path" : "host",
          ...(prefix === undefined ? {} : { prefix }),
        });
        expect(bucketPlace(backendUrl(state))).toEqual({
          bucket,
          endpoint,
          region,
          profile,
          pathStyle,
          prefix: prefix ?? "",
        });
      },
    ),
  );
});

test("URLs written by hand are understood, and others are none", () => {
  expect(bucketPlace("s3://b/p/?endpoint=127.0.0.1:9000&disableSSL=true&use_path_style=true")).toEqual({
    bucket: "b",
    prefix: "p",
    endpoint: "http://127.0.0.1:9000",
    pathStyle: true,
  });
  expect(bucketPlace("s3://b")).toEqual({ bucket: "b", prefix: "", pathStyle: false });
  expect(bucketPlace("file:///srv")).toBeUndefined();
  expect(bucketPlace("")).toBeUndefined();
});
