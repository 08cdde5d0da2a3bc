/** No credential and no secret of an environment is in state, logs, plans, events or `out/`; a rotation makes before it revokes. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nextGeneration } from "../../cli/rotate/run";
import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import { SKIP_CHECKPOINTS } from "../../rehearsal/checkpoints";
import { Engine, type EngineOptions } from "../../rehearsal/engine";
import { readJournal } from "../../rehearsal/journal";
import type { CloudRecord } from "../../rehearsal/openstack/local/record";
import { APPLICATION_CREDENTIAL } from "../../openstack-api/resources/tokens";
import { program } from "../../stack/program";
import { pulumiExecutable } from "../rehearsal/engine-lab";
import { ROOT } from "./command";
import { filesBelow, formsOf, leaks, marksOf, type Mark } from "./secret-search";

const KEY = "application-credential/cloud-provider";
const folder = mkdtempSync(join(tmpdir(), "labstead-secrets-"));
const said = new Map<string, string>();
let cloud: Cloud;

/** What an engineer's shell holds while the program runs. */
const SHELL = {
  OS_CLOUD: "cloud-of-the-shell",
  OS_PASSWORD: "marked-password-5d1c0f",
  OS_TOKEN: "marked-token-c0ffee77",
  OS_APPLICATION_CREDENTIAL_SECRET: "marked-credential-91ab",
  AWS_SECRET_ACCESS_KEY: "marked-key-of-the-bucket",
} as const;
const SHELL_MARKS: readonly Mark[] = Object.entries(SHELL)
  .filter(([what]) => what !== "OS_CLOUD")
  .map(([what, value]) => ({ what, value }));

function labstead(...args: readonly string[]): void {
  const child = spawnSync(process.execPath, [join(ROOT, "bin/labstead.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...SHELL, ...SKIP_CHECKPOINTS },
  });
  const output = `${child.stdout}${child.stderr}`;
  said.set(`output of labstead ${args.join(" ")}`, output);
  if (child.status !== 0) throw new Error(`labstead ${args.join(" ")}\n${output}`);
}

function options(): EngineOptions {
  return {
    directory: join(folder, ".labstead/engine"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack: "prod", stackFile: join(folder, "Pulumi.prod.yaml") },
    program: () => program({ directory: folder, hasState: () => Promise.resolve(true) }),
    debugProviders: cloud.debugProviders,
    checkpoints: false,
  };
}

/** The state with its secrets in plain text: never in a file. */
function decrypted(): string {
  const { executable, directory, environment } = Engine.commandLine(options());
  return execFileSync(executable, ["stack", "export", "--show-secrets", "--stack", "prod"], {
    cwd: directory,
    env: environment,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
}

function credentials(): readonly CloudRecord[] {
  const records = readJournal<CloudRecord>(join(folder, ".labstead/cloud/openstack.jsonl"));
  return [...records.values()].filter(
    ({ type, inputs }) =>
      type === APPLICATION_CREDENTIAL && JSON.stringify(inputs["name"]).includes("cloud-provider"),
  );
}

/** Everything that an engineer, a colleague or a backup may come to read. The cloud's own files are the cloud. */
function searched(): ReadonlyMap<string, string> {
  return new Map([...filesBelow(folder, [".labstead/cloud", ".labstead/engine/passphrase"]), ...said]);
}

beforeAll(async () => {
  for (const name of ["Pulumi.prod.yaml", "Pulumi.test.yaml"]) cpSync(join(ROOT, name), join(folder, name));
  labstead("plan", "prod");
  labstead("rehearse", "prod");
  labstead("rehearse", "prod", "--preview");
  cloud = await startCloud({ directory: join(folder, ".labstead/cloud") });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the search finds a secret in each of its forms", () => {
  const marks: readonly Mark[] = [
    { what: "key", value: 'BEGIN "KEY"\nfirst line of it\nsecond line of it\nEND' },
  ];
  for (const form of formsOf(marks[0]!))
    expect(leaks(marks, new Map([["a file", `before ${form} after`]]))).toEqual(["key in a file"]);
  expect(formsOf(marks[0]!)).toHaveLength(5);
  expect(leaks(marks, new Map([["a file", "before after"]]))).toEqual([]);
});

test("a rotated credential is made before the old one is revoked, under another name", async () => {
  const [before] = credentials();
  expect(nextGeneration(join(folder, "Pulumi.prod.yaml"), "cloud-provider")).toBe(2);
  const events: EngineEvent[] = [];
  const engine = await Engine.open(options());
  let output = "";
  const run = {
    onEvent: (event: EngineEvent) => events.push(event),
    onOutput: (text: string) => (output += text),
  };
  await engine.preview(run);
  await engine.up(run);
  // The SDK's own debugging lines hold every value as it is; they are shown with `pulumi --debug` only.
  const shown = events.filter(({ diagnosticEvent }) => String(diagnosticEvent?.severity) !== "debug");
  said.set("events", JSON.stringify(shown)).set("output of the engine", output);
  const done = events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []);
  const steps = done.filter(({ urn, op }) => urn.endsWith(`::${KEY}`) && op !== "same").map(({ op }) => op);
  // First the preview's, then those of the run.
  expect(steps.slice(-3)).toEqual(["create-replacement", "replace", "delete-replaced"]);
  const [after, ...more] = credentials();
  expect(more).toEqual([]);
  expect(after?.inputs["name"]).not.toBe(before?.inputs["name"]);
  expect(after?.inputs["description"]).toBe("cloud-provider of the lab environment prod, generation 2");
  expect(after?.id).not.toBe(before?.id);
});

test("what the providers need to reach cloud and cluster is in state encrypted, or not at all", () => {
  const state = readFileSync(
    join(folder, ".labstead/engine/state/.pulumi/stacks/labstead/prod.json"),
    "utf8",
  );
  const { checkpoint } = JSON.parse(state) as {
    checkpoint: { latest: { resources: { type: string; inputs: Readonly<Record<string, unknown>> }[] } };
  };
  const inputsOf = (type: string) =>
    checkpoint.latest.resources.filter((each) => each.type === type).map(({ inputs }) => inputs);
  for (const inputs of inputsOf("pulumi:providers:openstack")) {
    const { version: _version, ...rest } = inputs;
    expect(Object.keys(rest).filter((key) => !["useOctavia", "cloud", "__internal"].includes(key))).toEqual(
      [],
    );
  }
  expect(inputsOf("pulumi:providers:kubernetes").map(({ kubeconfig }) => kubeconfig)).toEqual([
    {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: expect.any(String) as string,
    },
  ]);
});

test("no secret of state or shell is anywhere", () => {
  const marks = marksOf(decrypted());
  // One of each kind: what a provider forgets to mark as secret would be missing here.
  for (const what of [KEY, "datalab.mongo-password", "datalab.auth-signing-key", "cluster-ca", "kubeconfig"])
    expect(marks.map((mark) => mark.what)).toContainEqual(expect.stringContaining(what));
  const found = leaks([...marks, ...SHELL_MARKS], searched());
  expect(found).toEqual([]);
  const keys = [...searched()].filter(([, text]) =>
    /BEGIN (EC |RSA |OPENSSH )?PRIVATE KEY|client-key-data"?: "?[A-Za-z0-9+/]/.test(text),
  );
  expect(keys.map(([where]) => where)).toEqual([]);
  expect([...searched().keys()]).toEqual(
    expect.arrayContaining([
      "out/prod/plan.txt",
      "events",
      ".labstead/engine/state/.pulumi/stacks/labstead/prod.json",
    ]),
  );
});
