/** `labstead recover` and the verbs beside it as an engineer meets them: the command itself, on states made by hand. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiExecutable } from "../rehearsal/engine-lab";
import { ROOT } from "./command";

/** Only root may write what belongs to another user: tests that run as root run this as the user nobody. */
const NOBODY = 65_534;

interface Said {
  readonly code: number | null;
  readonly output: string;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recover-cases-"));
  for (const name of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.test.yaml"])
    cpSync(join(ROOT, name), join(folder, name));
  mkdirSync(join(folder, "state"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stateFile = () => join(folder, "state/.pulumi/stacks/labstead/prod.json");

function run(program: string, args: readonly string[], uid?: number): Promise<Said> {
  const env = {
    ...process.env,
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "x",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    TMPDIR: join(folder, "tmp"),
  };
  mkdirSync(env.TMPDIR, { recursive: true });
  chmodSync(env.TMPDIR, 0o777);
  const as = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], ...as });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, output }));
  });
}

function labstead(...args: readonly string[]): Promise<Said> {
  return run(process.execPath, [join(ROOT, "bin/labstead.js"), ...args]);
}

async function pulumi(...args: readonly string[]): Promise<void> {
  const { code, output } = await run(pulumiExecutable(), [...args, "--non-interactive"]);
  if (code !== 0) throw new Error(output);
}

const PASSWORD = "random:index/randomPassword:RandomPassword";
const urn = (stack: string, type: string, name: string) => `urn:pulumi:${stack}::labstead::${type}::${name}`;

/** Makes a stack with nothing but itself, and with what a run had begun: a password. */
async function made(stack: string, open = false): Promise<void> {
  const type = "pulumi:pulumi:Stack";
  const itself = { urn: urn(stack, type, `labstead-${stack}`), custom: false, type };
  const password = {
    type: "creating",
    resource: { urn: urn(stack, PASSWORD, "secret"), custom: true, type: PASSWORD, inputs: { length: 8 } },
  };
  const deployment = {
    manifest: { time: "2026-11-21T00:00:00Z", magic: "", version: "" },
    resources: [itself],
    pending_operations: open ? [password] : [],
  };
  const file = join(folder, "made.json");
  writeFileSync(file, JSON.stringify({ version: 3, deployment }));
  await pulumi("stack", "init", stack);
  await pulumi("stack", "import", "--stack", stack, "--file", file);
  if (open) leaveOpen(password);
}

/** The engine drops what is open from what it imports. */
function leaveOpen(operation: object): void {
  const content = JSON.parse(readFileSync(stateFile(), "utf8")) as { checkpoint: { latest: object } };
  const latest = { ...content.checkpoint.latest, pending_operations: [operation] };
  writeFileSync(stateFile(), JSON.stringify({ ...content, checkpoint: { ...content.checkpoint, latest } }));
}

const IN_ORDER = "prod: in order; go on with: labstead up prod\n";
const NOTHING_OPEN = `prod: no operation is open\n${IN_ORDER}`;

test("nothing is wrong: it says so, and is done", async () => {
  await made("prod");
  expect(await labstead("recover", "prod")).toEqual({ code: 0, output: NOTHING_OPEN });
  expect(existsSync(join(folder, ".labstead"))).toBe(false);
});

test("a stack that is not there", async () => {
  await made("prod");
  expect(await labstead("recover", "nosuch")).toEqual({
    code: 1,
    output: "there is no stack nosuch: nothing to recover\n",
  });
});

test("what was open is settled once; the second time nothing is open", async () => {
  await made("prod", true);
  const before = await labstead("up", "prod");
  expect(before).toEqual({
    code: 1,
    output: [
      "prod was interrupted: it is not known whether these were done, and an up could make them twice",
      "  creating secret",
      "run: labstead recover prod",
      "",
    ].join("\n"),
  });
  const first = await labstead("recover", "prod");
  const kept = join(folder, ".labstead/state-backup");
  const [file = ""] = readdirSync(kept);
  expect(first).toEqual({
    code: 0,
    output: `prod: the state as it was: ${join(kept, file)}\n  secret: was not made\n${IN_ORDER}`,
  });
  expect(await labstead("recover", "prod")).toEqual({ code: 0, output: NOTHING_OPEN });
});

test("another run is active: who, where and since when is reported, nothing is done", async () => {
  await made("prod", true);
  // The kernel names a process by the file that it was started from.
  const executable = join(folder, "pulumi");
  copyFileSync("/bin/sleep", executable);
  const engine = spawn(executable, ["600"], { stdio: "ignore" });
  await new Promise((resolve) => engine.once("spawn", resolve));
  const locks = join(folder, "state/.pulumi/locks/organization/labstead/prod");
  mkdirSync(locks, { recursive: true });
  const lock = {
    pid: engine.pid,
    username: "ada",
    hostname: hostname(),
    timestamp: "2026-11-21T01:24:08.8Z",
  };
  writeFileSync(join(locks, "one.json"), JSON.stringify(lock));
  const state = readFileSync(stateFile(), "utf8");
  const output = [
    `prod is locked by ada@${hostname()} (pid ${String(engine.pid)}, since 2026-11-21T01:24:08Z), nothing was changed`,
    `wait until that run has ended; if it was killed, run labstead recover on ${hostname()},`,
    `or, where ${hostname()} is gone for good: pulumi cancel --stack prod, then labstead recover here`,
    "",
  ].join("\n");
  try {
    for (const verb of ["recover", "up", "destroy"])
      expect(await labstead(verb, "prod")).toEqual({ code: 1, output });
  } finally {
    engine.kill();
  }
  expect(readFileSync(stateFile(), "utf8")).toBe(state);
});

test("a state that is cut off: what to put back is reported, and helps", async () => {
  await made("prod", true);
  const half = Math.floor(readFileSync(stateFile()).length / 2);
  truncateSync(stateFile(), half);
  const file = stateFile();
  expect(await labstead("up", "prod")).toEqual({
    code: 1,
    output: "prod: a run was killed while it wrote the state; run: labstead recover prod\n",
  });
  const problem = `prod: ${file} is not whole, nothing was changed (failed to load checkpoint: place 1: unexpected end of JSON input)\n`;
  expect(await labstead("recover", "prod")).toEqual({
    code: 1,
    output: `${problem}put back the one before it, then see what was made since: cp ${file}.bak ${file} && labstead recover prod\n`,
  });
  const torn = readFileSync(file);
  copyFileSync(`${file}.bak`, file);
  expect(await labstead("recover", "prod")).toEqual({ code: 0, output: NOTHING_OPEN });
  writeFileSync(file, torn);
  rmSync(`${file}.bak`);
  expect(await labstead("recover", "prod")).toEqual({
    code: 1,
    output: `${problem}put back a copy that labstead state backup made: mv ${file} ${file}.torn && labstead state restore prod <copy>\n`,
  });
});

test("the state cannot be copied: nothing is changed", async () => {
  await made("prod", true);
  writeFileSync(join(folder, ".labstead"), "a file");
  const state = readFileSync(stateFile(), "utf8");
  const backups = join(folder, ".labstead/state-backup");
  expect(await labstead("recover", "prod")).toEqual({
    code: 1,
    output: `prod: the state as it is cannot be copied to ${backups}, nothing was changed: ENOTDIR: not a directory, mkdir '${backups}'\n`,
  });
  expect(readFileSync(stateFile(), "utf8")).toBe(state);
});

test("the state cannot be written: the engine's message, and nothing is changed", async () => {
  await made("prod", true);
  const before = readFileSync(stateFile(), "utf8");
  // All of it may be read, and only the copies may be written.
  await run("chmod", ["-R", "a+rX", folder]);
  for (const name of ["home", ".labstead"]) {
    mkdirSync(join(folder, name), { recursive: true });
    await run("chmod", ["-R", "a+rwX", join(folder, name)]);
  }
  if (process.getuid?.() !== 0) await run("chmod", ["-R", "a-w", join(folder, "state")]);
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const { code, output } = await run(
    process.execPath,
    [join(ROOT, "bin/labstead.js"), "recover", "prod"],
    uid,
  );
  await run("chmod", ["-R", "u+w", join(folder, "state")]);
  expect(code).toBe(1);
  const [file = ""] = readdirSync(join(folder, ".labstead/state-backup"));
  expect(output.replaceAll(/[0-9a-f-]{36}\.json(\.[0-9a-f]+\.tmp)?/g, "<lock>")).toBe(
    [
      `prod: the state as it was: ${join(folder, ".labstead/state-backup", file)}`,
      "prod: the state was not changed, it cannot be written; fix that, then run the same again",
      `error: could not import deployment: blob (key ".pulumi/locks/organization/labstead/prod/<lock>") (code=Unknown): open ${folder}/state/.pulumi/locks/organization/labstead/prod/<lock>: permission denied`,
      "",
    ].join("\n"),
  );
  expect(readFileSync(stateFile(), "utf8")).toBe(before);
});

test("an owner is not destroyed under its tenant, nor are its data named then", async () => {
  await made("prod");
  await made("test");
  for (const options of [[], ["--with-data"]])
    expect(await labstead("destroy", "prod", ...options)).toEqual({
      code: 1,
      output: "prod carries test, nothing was changed; first run: labstead destroy test\n",
    });
});
