/** Messages about a state that cannot be read, where it is, and what can be rotated. */
import { planEnvironment, readEnvironment } from "../environments";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "../../cli/doctor/run";
import { nextGeneration, rotationTable } from "../../cli/rotate/run";
import { backendMismatch } from "../../cli/shared/project-backend";
import { placeText, backendFailureText } from "../../cli/shared/backend-failure";
import { withValue } from "../../cli/shared/yaml-edit";
import { checkCredentials, credentialExpiry } from "../../environment/checks/credentials";
import { isOwner, type OwnerConfig } from "../../environment/config";
import { findingText } from "../../environment/findings";
import { parseProject } from "../../environment/project-file";
import { rotations } from "../../environment/rotation";
import { ROOT } from "./command";

// Several commands one after the other.
const folder = mkdtempSync(join(tmpdir(), "labstead-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const S3 = "s3://prod-state/labs?endpoint=https%3A%2F%2Fstore.example.org&region=us-east-1";
const PLACE = "bucket prod-state, folder labs at https://store.example.org";
/** As the engine introduces what its bucket answered. */
const READING =
  'error: read ".pulumi/meta.yaml": blob (key ".pulumi/meta.yaml") (code=Unknown): operation error S3: GetObject';

const SAID: readonly (readonly [said: string, backend: string | undefined, reported: string | undefined])[] =
  [
    [
      `${READING}, dial tcp: lookup store.example.org: no such host`,
      S3,
      `${PLACE} does not answer: no such host; check the address, your network and the VPN`,
    ],
    [
      `${READING}, tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      S3,
      `${PLACE} does not answer: certificate: x509: certificate signed by unknown authority; check the address, your network and the VPN`,
    ],
    [
      `${READING}, https response error StatusCode: 403, api error AccessDenied: Access Denied.`,
      S3,
      `the key may not use ${PLACE}; use one of the project that the bucket belongs to`,
    ],
    [
      `${READING}, api error AuthorizationHeaderMalformed: no`,
      S3,
      `requests to ${PLACE} are signed for another region than its own; correct region in Pulumi.yaml`,
    ],
    [
      "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
      S3,
      "the passphrase of the state's secrets was not given; set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE",
    ],
    [
      "error: incorrect passphrase",
      S3,
      "the passphrase is not the one that the state's secrets were encrypted with; without that one they cannot be read",
    ],
    [
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      undefined,
      "you are not logged in; run: pulumi login",
    ],
    [
      "error: unable to open state store file:///srv/state: stat /srv/state: no such file or directory",
      "file:///srv/state",
      "/srv/state: no such file or directory; make the folder, or mount it",
    ],
    // A cloud that does not answer is another matter, and nothing of ours to translate.
    ["error: creating server: Post https://nova.example.org: dial tcp: connection refused", S3, undefined],
    ["error: no stack named 'prod' found", S3, undefined],
  ];

test.each(SAID)("%s", (said, backend, reported) => {
  const expected =
    reported === undefined ? undefined : `the state cannot be read, nothing was changed: ${reported}`;
  expect(backendFailureText(said, backend)).toBe(expected);
});

test("a backend is named as a person knows it", () => {
  expect(placeText(S3)).toBe(PLACE);
  expect(placeText("s3://b")).toBe("bucket b");
  expect(placeText("file:///srv/state")).toBe("file:///srv/state");
  expect(placeText(undefined)).toBe("the backend");
});

test("an engine that would use another state is reported, and one that follows the choice is not", () => {
  const content = { name: "labstead", labstead: { state: { kind: "file", path: "/srv/state" } } };
  const of = (backend: object) => {
    const parsed = parseProject({ ...content, ...backend });
    if (!parsed.ok) throw new Error("the project is not valid");
    return parsed.project;
  };
  const used = of({ backend: { url: "file:///srv/state" } });
  expect(backendMismatch(used, {})).toBeUndefined();
  expect(backendMismatch(used, { PULUMI_BACKEND_URL: "" })).toBeUndefined();
  expect(backendMismatch(of({}), { PULUMI_BACKEND_URL: "file:///srv/state" })).toBeUndefined();
  expect(backendMismatch(of({ backend: { url: "file:///tmp" } }), {})).toBe(
    "backend.url of Pulumi.yaml is file:///tmp, labstead.state means file:///srv/state; run: labstead state use",
  );
  const free = parseProject({ name: "labstead" });
  expect(free.ok && backendMismatch(free.project, { PULUMI_BACKEND_URL: "file:///tmp" })).toBeUndefined();
});

test("doctor reports the state, its passphrase, and a choice that is not used", async () => {
  const write = (backend: string) =>
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      `name: labstead\nlabstead: { state: { kind: file, path: /srv/state } }\n${backend}`,
    );
  const rows = async (env: NodeJS.ProcessEnv) =>
    (await diagnose(env, folder)).filter(({ what }) => ["state", "passphrase"].includes(what));
  write("");
  expect(await rows({})).toEqual([
    {
      what: "state",
      state: "optional",
      detail: "backend.url of Pulumi.yaml is missing, labstead.state means file:///srv/state",
      fix: "labstead state use",
    },
  ]);
  write("backend: { url: file:///srv/state }\n");
  expect(await rows({})).toEqual([
    { what: "state", state: "ok", detail: "file:///srv/state", fix: "" },
    {
      what: "passphrase",
      state: "optional",
      detail: "not given",
      fix: "export PULUMI_CONFIG_PASSPHRASE_FILE=<a file that only you read>",
    },
  ]);
  expect(await rows({ PULUMI_CONFIG_PASSPHRASE: "x" })).toContainEqual({
    what: "passphrase",
    state: "ok",
    detail: "by PULUMI_CONFIG_PASSPHRASE",
    fix: "",
  });
});

function prod(): OwnerConfig {
  const { config } = readEnvironment(join(ROOT, "Pulumi.prod.yaml"));
  if (!isOwner(config)) throw new Error("prod is no owner");
  return config;
}

function withCredential(credential: Partial<OwnerConfig["applicationCredentials"][string]>): OwnerConfig {
  const ci = { roles: ["member"], unrestricted: false, generation: 1, ...credential };
  return { ...prod(), applicationCredentials: { ci } };
}

test("a credential reaches no further than it must", () => {
  expect(checkCredentials(prod())).toEqual([]);
  const found = checkCredentials(withCredential({ roles: ["reader", "admin"], unrestricted: true }));
  expect(found.map((each) => `${each.severity} ${findingText(each)}`)).toEqual([
    "error applicationCredentials.ci.roles: admin reaches other projects of the cloud from inside this one; list what it needs: member, reader, load-balancer_member",
    "warning applicationCredentials.ci.unrestricted: anyone who reads this credential can create others that outlive it; remove unrestricted, unless its user creates credentials itself",
  ]);
});

test("a credential is spoken of before it ends", () => {
  const config = withCredential({ expiresAt: "2027-06-30T00:00:00Z" });
  const on = (day: string) =>
    credentialExpiry(config, new Date(day)).map((each) => `${each.severity} ${findingText(each)}`);
  const fix = "write a later time, then: labstead rotate prod credential/ci";
  expect(on("2027-05-31T00:00:00Z")).toEqual([]);
  expect(on("2027-06-01T00:00:00Z")).toEqual([
    `warning applicationCredentials.ci.expiresAt: 2027-06-30T00:00:00Z is in 29 days; ${fix}`,
  ]);
  expect(on("2027-06-30T00:00:01Z")).toEqual([
    `error applicationCredentials.ci.expiresAt: 2027-06-30T00:00:00Z has passed: OpenStack refuses the credential; ${fix}`,
  ]);
  expect(credentialExpiry(prod(), new Date("2100-01-01"))).toEqual([]);
});

test("what can be rotated is listed with what it does", () => {
  const planned = planEnvironment(prod());
  if (!planned.ok) throw new Error("prod cannot be planned");
  const table = rotationTable("prod", rotations(planned.plan));
  expect(table).toContain("labstead rotate prod …\n");
  expect(table).toMatch(
    / {2}credential\/cloud-provider +generation 2 is made, .*, then generation 1 is revoked\n/,
  );
  expect(table).toMatch(/ {2}datalab\.mongo-password +no: MongoDB keeps the password of its first start/);
  expect(table).toMatch(/ {2}ingress\.default-certificate +a new key and certificate/);
});

test.each([
  ["a: 1 # one\nb: [x,  y]\n", ["a"], "a: 2 # one\nb: [x,  y]\n"],
  ["# first\nname: lab\nb: [x]\n", ["backend", "url"], "# first\nbackend: { url: 2 }\nname: lab\nb: [x]\n"],
  [
    "c:\n    k:\n        roles: [m]\n",
    ["c", "k", "generation"],
    "c:\n    k:\n        generation: 2\n        roles: [m]\n",
  ],
  ["c: { k: {} }\n", ["c", "k", "generation"], "c: { k: { generation: 2 } }\n"],
  ["c: {k: {roles: [m]}}\n", ["c", "k", "generation"], "c: {k: {generation: 2, roles: [m]}}\n"],
])("one value is set in %j and the rest stays", (text, path, expected) => {
  expect(withValue(text, path, 2)).toBe(expected);
});

test("a URL is written in quotes, in place of another one too", () => {
  const once = withValue("name: lab\n", ["backend", "url"], "s3://b?endpoint=x&region=y");
  expect(once).toBe('backend: { url: "s3://b?endpoint=x&region=y" }\nname: lab\n');
  expect(withValue(once, ["backend", "url"], "file:///a")).toBe('backend: { url: "file:///a" }\nname: lab\n');
});

test("a generation is counted up in its place, and nothing else of the file changes", () => {
  const file = join(folder, "Pulumi.prod.yaml");
  const before = readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8");
  writeFileSync(file, before);
  expect(nextGeneration(file, "cloud-provider")).toBe(2);
  expect(nextGeneration(file, "cloud-provider")).toBe(3);
  const after = readFileSync(file, "utf8");
  const changed = after.split("\n").filter((line) => !before.split("\n").includes(line));
  expect(changed.join("\n")).toMatch(/generation: 3/);
  expect(changed).toHaveLength(1);
  expect(after.split("\n").length).toBe(before.split("\n").length);
});
