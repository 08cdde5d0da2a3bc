/**
 * `labstead rotate` and `labstead doctor <stack>` as a user runs them: the project's own program by the `pulumi` command,
 * on the built-in cloud's plugins.
 */
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJournal } from "../../rehearsal/journal";
import type { CloudRecord } from "../../rehearsal/openstack/local/record";
import { APPLICATION_CREDENTIAL } from "../../openstack-api/resources/tokens";
import { setUp } from "../lab/host/undo";
import { OfficialProject } from "../lab/official/project";
import { ROOT } from "./command";
import { filesBelow, leaks, marksOf, type Mark } from "./secret-search";

const STACK = "prod";
const YES = ["--", "--yes", "--skip-preview"] as const;
const CREDENTIAL = "credential/cloud-provider";
const CERTIFICATE = "ingress.default-certificate";

let project: OfficialProject;
/** All that the commands printed. */
const said = new Map<string, string>();
/** Secrets that were good at some time. */
const marks: Mark[] = [];

setUp(async (undo) => {
  project = undo.use(await OfficialProject.open(STACK, join(ROOT, `Pulumi.${STACK}.yaml`)));
  mkdirSync(join(project.folder, "state"));
  project.settings(settings());
  project.skipCheckpoints();
  await project.startCloud();
  await project.pulumi("stack", "init", STACK, "--secrets-provider", "passphrase");
});

function settings(): object {
  return { backend: { url: `file://${join(project.folder, "state")}` } };
}

async function succeed(...args: readonly string[]): Promise<string> {
  const output = await project.succeed(...args);
  said.set(`output of labstead ${args.join(" ")}, ${String(said.size)}`, output);
  return output;
}

/** Of the cloud controller: the volume driver has one of its own beside it. */
function credentials(): readonly CloudRecord[] {
  const records = readJournal<CloudRecord>(join(project.cloudFolder, "openstack.jsonl"));
  const name = z.string().startsWith(`${STACK}-cloud-provider-`);
  return [...records.values()].filter(
    ({ type, inputs }) => type === APPLICATION_CREDENTIAL && name.safeParse(inputs["name"]).success,
  );
}

const outputsShape = z.object({
  applicationCredentials: z.record(z.string(), z.object({ id: z.string(), secret: z.string() })),
});

async function outputs(): Promise<z.output<typeof outputsShape>> {
  const text = await project.pulumi("stack", "output", "--json", "--show-secrets", "--stack", STACK);
  return outputsShape.parse(JSON.parse(text));
}

const SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert";

/** A certificate of the state, in PEM. */
async function certificate(name: string): Promise<string> {
  const exported = await project.pulumi("stack", "export", "--stack", STACK);
  const { deployment } = JSON.parse(exported) as {
    deployment: { resources: readonly { urn: string; outputs?: { readonly certPem?: string } }[] };
  };
  return (
    deployment.resources.find(({ urn }) => urn.endsWith(`${SELF_SIGNED}::${name}`))?.outputs?.certPem ?? ""
  );
}

async function remember(): Promise<void> {
  marks.push(...marksOf(await project.pulumi("stack", "export", "--show-secrets", "--stack", STACK)));
}

test("before the stack is up nothing is rotated, and the file stays as it was", async () => {
  const before = readFileSync(project.stackFile, "utf8");
  const { code, output } = await project.labstead("rotate", STACK, CERTIFICATE, ...YES);
  expect({ code, output }).toEqual({
    code: 1,
    output: `${STACK} has not made ${CERTIFICATE} yet; first run: labstead up ${STACK}\n`,
  });
  expect(readFileSync(project.stackFile, "utf8")).toBe(before);
  await succeed("up", STACK, ...YES);
  await remember();
});

test("a rotated credential is another one in cloud and outputs, made before the old one goes", async () => {
  const [before] = credentials();
  const { applicationCredentials: reported } = await outputs();
  const output = await succeed("rotate", STACK, CREDENTIAL, ...YES);
  expect(output).toMatch(/Pulumi\.prod\.yaml: credential\/cloud-provider is of generation 2 now\n/);
  const [after, ...more] = credentials();
  expect(more).toEqual([]);
  expect(after?.id).not.toBe(before?.id);
  expect(after?.inputs["name"]).not.toBe(before?.inputs["name"]);
  const { applicationCredentials: now } = await outputs();
  expect(now["cloud-provider"]?.id).toBe(after?.id);
  expect(now["cloud-provider"]?.secret).not.toBe(reported["cloud-provider"]?.secret);
  const steps = output.split("\n").filter((line) => line.includes("application-credential/cloud-provider"));
  const made = steps.findIndex((line) => line.includes("created replacement"));
  const gone = steps.findIndex((line) => line.includes("deleted original"));
  expect({ made: made >= 0, inOrder: gone > made }).toEqual({ made: true, inOrder: true });
  expect(readFileSync(project.stackFile, "utf8")).toMatch(/generation: 2/);
  await remember();
});

test("a rotated certificate has another key, and what is not rotated stays", async () => {
  const before = [await certificate(CERTIFICATE), await certificate("cluster-ca")] as const;
  await succeed("rotate", STACK, CERTIFICATE, ...YES);
  const after = [await certificate(CERTIFICATE), await certificate("cluster-ca")] as const;
  const keyOf = (pem: string) => new X509Certificate(pem).publicKey.export({ type: "spki", format: "pem" });
  expect(keyOf(after[0])).not.toBe(keyOf(before[0]));
  expect(after[1]).toBe(before[1]);
  expect(await project.succeed("preview", STACK)).toMatch(/Resources:\n +\d+ unchanged\n/);
  await remember();
});

test("what is not rotated, and what there is not, are refused without a change", async () => {
  const before = readFileSync(project.stackFile, "utf8");
  const refused = await project.labstead("rotate", STACK, "datalab.mongo-password", ...YES);
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(
    /^datalab\.mongo-password of prod is not rotated, nothing was changed: MongoDB/,
  );
  const unknown = await project.labstead("rotate", STACK, "credential/cloud-providr", ...YES);
  expect(unknown.output).toBe(
    "prod has no credential/cloud-providr to rotate; did you mean credential/cloud-provider?\n",
  );
  project.settings({ ...settings(), labstead: { state: { kind: "s3", bucket: "lab-state" } } });
  const elsewhere = await project.labstead("rotate", STACK, CREDENTIAL, ...YES);
  project.settings(settings());
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.output).toMatch(/Pulumi\.prod\.yaml: as it was\n/);
  expect(readFileSync(project.stackFile, "utf8")).toBe(before);
});

test("doctor reads the real dates: of the state, of the kubeconfig; and reports which it could not read", async () => {
  const output = await succeed("doctor", STACK);
  const line = (key: string) => output.split("\n").find((each) => each.trim().startsWith(`${key} `)) ?? "";
  expect(line("kubeconfig")).toMatch(/ ok +\d{4}-\d\d-\d\d, in 36[45] days$/);
  expect(line("person/ada")).toMatch(/ ok +\d{4}-\d\d-\d\d, in (89|90) days$/);
  expect(line("authority/etcd/ca")).toMatch(/ ok +\d{4}-\d\d-\d\d, in 36(49|50) days$/);
  expect(line("node/workers.general/1")).toMatch(/ ok +\d{4}-\d\d-\d\d, in 182[45] days$/);
  expect(line("kubeadm/controlPlane/0")).toMatch(/ unread +the cluster does not answer: /);
  expect(line(`secret/${CERTIFICATE}`)).toMatch(/ unread +the cluster does not answer: /);
});

test("no secret, old or new, is in an output or a file", () => {
  const files = filesBelow(project.folder, ["cloud", "home", "node_modules", "state/.pulumi/locks"]);
  expect(marks.length).toBeGreaterThan(10);
  expect(leaks(marks, new Map([...files, ...said]))).toEqual([]);
  expect([...files.keys()]).toContain(`state/.pulumi/stacks/labstead/${STACK}.json`);
});
