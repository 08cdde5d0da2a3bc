/** MachineFiles under the official CLI: the plugin is a process of its own in each phase, and knows nothing of the others. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";

import { install } from "../../tools/toolchain/executables";
import { languageHost, pulumi } from "../../tools/toolchain/pulumi";
import { ROOT } from "../cli/command";
import { setUp } from "../lab/host/undo";
import { keyPair, OWNER, TestMachine } from "./machine-files/machines";

const SECRET = "correct-horse-battery";
const SALT = "the salt of this stack";

/** What the program reads: one resource, its files by name. */
interface Given {
  readonly files: Readonly<Record<string, string>>;
}

const PROGRAM = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { LabsteadProvider, MachineFiles } from "${ROOT}/provider/sdk";

const given = JSON.parse(readFileSync("given.json", "utf8"));
const provider = new LabsteadProvider("labstead");
// Bound as an Output, as generated passwords are.
const files = Object.entries(given.files).map(([path, file]) => [path, { ...file, content: pulumi.secret(file.content) }]);
const made = new MachineFiles("gateway", { ...given, files: Object.fromEntries(files) }, { provider });
export const applied = made.files;
`;

let folder: string;
let project: string;
let machine: TestMachine;
let stack: Stack;

setUp(async (undo) => {
  folder = undo.folder("machine-engine");
  project = join(folder, "project");
  const executable = await install(pulumi());
  await install(languageHost(executable));
  machine = undo.use(await TestMachine.boot(folder, "gateway", keyPair(folder, "client"), true));
  for (const each of [project, join(folder, "home"), join(folder, "state")]) mkdirSync(each);
  for (const name of ["node_modules", "package.json"]) symlinkSync(join(ROOT, name), join(project, name));
  const compilerOptions = { rootDir: "/" };
  const runtime = { name: "nodejs", options: { typescript: false, nodeargs: "--import tsx" } };
  write("Pulumi.yaml", stringify({ name: "lab", main: "index.ts", runtime }));
  write("tsconfig.json", JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions }));
  write("index.ts", PROGRAM);
  stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", workDir: project },
    {
      pulumiHome: join(folder, "home"),
      pulumiCommand: await PulumiCommand.get({ root: join(executable, "../..") }),
      envVars: {
        PATH: `${join(executable, "..")}:${process.env["PATH"] ?? ""}`,
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "correct horse",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // A language host built from source is older than the engine and ignores `typescript: false`.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      },
    },
  );
});

function write(name: string, text: string): void {
  writeFileSync(join(project, name), text);
}

const FILES = { "haproxy.cfg": `good ${SECRET}\n`, "site.pem": "pem", motd: "hello" };

function give({ files }: Given): void {
  const validate = ["sh", "-c", 'grep -q good "$1" || { cat "$1"; exit 1; }', "check", "{}"];
  const described = Object.entries(files).map(([name, content]) => [
    machine.path(name),
    { content, owner: OWNER, mode: "0640", ...(name === "haproxy.cfg" ? { validate } : {}) },
  ]);
  const connection = machine.connection();
  const given = { server: "gateways/0", machine: "id-1", connection, salt: SALT, mask: [SECRET] };
  write("given.json", JSON.stringify({ ...given, files: Object.fromEntries(described) as object }));
}

interface Run {
  /** `gateway: update files["/etc/…"]`, or only the operation. */
  readonly steps: readonly string[];
  readonly text: string;
}

async function run(
  work: (options: {
    onEvent: (event: EngineEvent) => void;
    onOutput: (text: string) => void;
  }) => Promise<unknown>,
): Promise<Run> {
  const steps: string[] = [];
  let text = "";
  const onEvent = ({ resourcePreEvent }: EngineEvent): void => {
    const metadata = resourcePreEvent?.metadata;
    if (metadata?.urn.endsWith("::gateway") !== true) return;
    const entries = Object.keys(metadata.detailedDiff ?? {}).map((path) => path.replace(machine.folder, ""));
    steps.push([metadata.op, ...entries].join(" "));
  };
  const onOutput = (piece: string): void => void (text += piece);
  const plugin = spawn(process.execPath, [join(ROOT, "provider/index.js")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(plugin.stdout, "data")) as [Buffer];
    stack.workspace.envVars["PULUMI_DEBUG_PROVIDERS"] = `labstead:${port.toString().trim()}`;
    await work({ onEvent, onOutput });
  } catch (error) {
    text += String(error);
  } finally {
    plugin.kill();
  }
  return { steps, text };
}

const up = (): Promise<Run> => run((options) => stack.up({ ...options, color: "never" }));
const preview = (): Promise<Run> =>
  run((options) => stack.preview({ ...options, color: "never", diff: true }));
const refresh = (): Promise<Run> => run((options) => stack.refresh({ ...options, color: "never" }));

/** The state, and every file that the engine has written. */
function kept(): string {
  return readFileSync(join(folder, "state/.pulumi/stacks/lab/test.json"), "utf8");
}

test("up makes the files; preview and state hold no content, key or salt in plain text", async () => {
  give({ files: FILES });
  const { steps, text } = await up();
  expect({ steps, text }).toEqual({ steps: ["create"], text: expect.any(String) as string });
  expect(machine.read("haproxy.cfg")).toBe(`good ${SECRET}\n`);
  for (const written of [text, kept()])
    for (const secret of [SECRET, "PRIVATE KEY", SALT]) expect(written).not.toContain(secret);
  expect(kept()).toContain(machine.path("motd"));
});

test("without a change, the preview is empty; with one file changed, it names that one", async () => {
  expect((await preview()).steps).toEqual(["same"]);
  give({ files: { ...FILES, motd: "hello again" } });
  const shown = await preview();
  expect(shown.steps).toEqual(['update files["/etc/motd"]']);
  expect(shown.text).toMatch(/~ \S+\/motd\s*: "0640 \S+ [0-9a-f]{32}" => "0640 \S+ [0-9a-f]{32}"/);
  expect((await up()).steps).toEqual(['update files["/etc/motd"]']);
  expect(machine.read("motd")).toBe("hello again");
  expect((await preview()).steps).toEqual(["same"]);
});

test("what was changed by hand shows after a refresh, and the next up repairs it", async () => {
  writeFileSync(machine.path("motd"), "by hand");
  rmSync(machine.path("site.pem"));
  expect((await refresh()).text).toContain("gateway");
  const shown = await preview();
  expect(shown.steps).toEqual(['update files["/etc/motd"] files["/etc/site.pem"]']);
  await up();
  expect([machine.read("motd"), machine.read("site.pem")]).toEqual(["hello again", "pem"]);
  expect((await preview()).steps).toEqual(["same"]);
});

test("a refused change fails the run with the machine's message; fixed, the next one goes through", async () => {
  give({ files: { ...FILES, motd: "third", "haproxy.cfg": `broken ${SECRET}` } });
  const { text } = await up();
  expect(text).toContain("gateways/0 does not take its new files, so none was replaced");
  expect(text).toContain("broken [secret]");
  expect(text).not.toContain(SECRET);
  expect([machine.read("motd"), machine.read("haproxy.cfg")]).toEqual(["hello again", `good ${SECRET}\n`]);
  expect((await preview()).steps).toEqual(['update files["/etc/haproxy.cfg"] files["/etc/motd"]']);
  give({ files: { ...FILES, motd: "third" } });
  expect((await preview()).steps).toEqual(['update files["/etc/motd"]']);
  await up();
  expect(machine.read("motd")).toBe("third");
  expect(kept()).not.toContain(SECRET);
});

test("destroy leaves the files with their server", async () => {
  expect((await run((options) => stack.destroy(options))).steps).toEqual(["delete"]);
  expect(machine.read("motd")).toBe("third");
});
