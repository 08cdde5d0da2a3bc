/** Pushes over SSH to real sshd processes: what is replaced, what is refused, and what a fault leaves behind. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { machineFilesHandler } from "../../provider/machine-files/handler";
import { PartialFailure } from "../../provider-protocol";
import type { PropertyMap, ResourceHandler } from "../../provider-protocol";
import { socksProxy } from "./api-server";
import { runs } from "../lab/host/programs";
import { Undo } from "../lab/host/undo";
import { keyPair, OWNER, strangeKey, TestMachine } from "./machine-files/machines";
import type { KeyPair } from "./machine-files/machines";

runs("haproxy", "mount", "umount");

const SALT = "a salt of sixteen and more";
const PACE = { ready: 3_000, keepalive: 1_000, betweenAttempts: 100, refusedFor: 300 };

let root: string;
let client: KeyPair;
let machine: TestMachine;
let logged: string[];
let undo: Undo;

beforeEach(async () => {
  undo = new Undo();
  root = undo.folder("machine-files");
  client = keyPair(root, "client");
  logged = [];
  machine = await boot("web");
});
afterEach(() => undo.close());

async function boot(name: string): Promise<TestMachine> {
  return undo.use(await TestMachine.boot(root, name, client));
}

/** A provider process of one run: it knows nothing of those before. */
function plugin(on = machine): ResourceHandler {
  return machineFilesHandler({ kind: "ssh", directory: join(on.folder, "store"), pace: PACE });
}

interface File {
  readonly content: string;
  readonly [key: string]: PropertyMap[string];
}

function inputsOf(
  on: TestMachine,
  files: Readonly<Record<string, File>>,
  more: PropertyMap = {},
): PropertyMap {
  const entries = Object.entries(files).map(([name, file]) => [
    on.path(name),
    { owner: OWNER, mode: "0640", ...file },
  ]);
  return {
    server: `servers/${on.name}`,
    machine: `id-of-${on.name}`,
    connection: on.connection(),
    salt: SALT,
    files: Object.fromEntries(entries) as PropertyMap,
    ...more,
  };
}

const common = (name: string) => ({
  urn: `urn:pulumi:test::lab::labstead:index:MachineFiles::${name}`,
  type: "labstead:index:MachineFiles",
  name,
  log: (severity: string, message: string): void => void logged.push(`${severity}: ${message}`),
  timeoutSeconds: undefined,
  signal: new AbortController().signal,
});

function nameOf({ server }: PropertyMap): string {
  return typeof server === "string" ? server : "";
}

interface Held {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

async function checkedInputs(handler: ResourceHandler, given: PropertyMap): Promise<PropertyMap> {
  const request = {
    ...common(nameOf(given)),
    oldInputs: {},
    newInputs: given,
    randomSeed: new Uint8Array(),
  };
  const { inputs, failures } = await handler.check(request);
  expect(failures).toEqual([]);
  return inputs;
}

async function create(given: PropertyMap, handler = plugin()): Promise<Held> {
  const inputs = await checkedInputs(handler, given);
  const result = await handler.create({ ...common(nameOf(given)), preview: false, inputs });
  return { inputs, ...result };
}

async function update(held: Held, given: PropertyMap, handler = plugin()): Promise<Held> {
  const newInputs = await checkedInputs(handler, given);
  const request = { oldInputs: held.inputs, oldState: held.outputs, newInputs, ignoreChanges: [] };
  const outputs = await handler.update({
    ...common(nameOf(given)),
    preview: false,
    id: held.id,
    ...request,
  });
  return { id: held.id, inputs: newInputs, outputs };
}

async function changes(held: Held, given: PropertyMap): Promise<readonly string[]> {
  const handler = plugin();
  const newInputs = await checkedInputs(handler, given);
  const request = {
    id: held.id,
    oldInputs: held.inputs,
    oldState: held.outputs,
    newInputs,
    ignoreChanges: [],
  };
  const { changes: found } = await handler.diff({ ...common("x"), ...request });
  return Object.entries(found).map(([path, { change }]) => `${change} ${path.replace(machine.folder, "")}`);
}

async function refreshed(held: Held): Promise<Held> {
  const found = await plugin().read({
    ...common("x"),
    id: held.id,
    inputs: held.inputs,
    state: held.outputs,
  });
  if (found === undefined) throw new Error("gone");
  return found;
}

async function refusal(pending: Promise<unknown>): Promise<string> {
  const error: unknown = await pending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it was not refused");
  return error.message
    .replaceAll(machine.folder, "")
    .replace(/after \d+ s \(\d+ attempts?\)/, "after N s (N attempts)");
}

const HAPROXY = { content: "good\n", apply: { kind: "reload", unit: "haproxy.service" } };
/** Takes files with the word good, and quotes others. */
const VALIDATE = [
  "sh",
  "-c",
  'grep -q good "$1" || { echo "line 1 of $1: $(cat "$1")"; exit 1; }',
  "check",
  "{}",
];

/** Nothing of a push may be left beside the files, nor in the store. */
function leftovers(on = machine): readonly string[] {
  const beside = readdirSync(on.path(), { recursive: true }).map(String);
  const kept = existsSync(join(on.folder, "store")) ? readdirSync(join(on.folder, "store")) : [];
  const expected = ["lock", "manifest.json"];
  return [
    ...beside.filter((name) => name.includes(".labstead-")),
    ...kept.filter((name) => !expected.includes(name)),
  ];
}

describe("a push", () => {
  test("pushes files with owner and mode, starts what waited for them, and returns hashes alone", async () => {
    const files = { "haproxy/haproxy.cfg": HAPROXY, "certs/site.pem": { content: "pem", mode: "0600" } };
    const units = [{ name: "haproxy.service", needs: [machine.path("haproxy/haproxy.cfg")] }];
    const held = await create(inputsOf(machine, files, { units }));
    expect(machine.read("haproxy/haproxy.cfg")).toBe("good\n");
    expect(statSync(machine.path("certs/site.pem")).mode & 0o777).toBe(0o600);
    expect(machine.asked).toEqual(["start haproxy.service"]);
    const entry = (mode: string): unknown =>
      expect.stringMatching(new RegExp(`^${mode} ${OWNER} [0-9a-f]{32}$`));
    expect(held.outputs).toEqual({
      files: {
        [machine.path("haproxy/haproxy.cfg")]: entry("0640"),
        [machine.path("certs/site.pem")]: entry("0600"),
      },
    });
    expect(leftovers()).toEqual([]);
    expect(statSync(join(machine.folder, "store")).mode & 0o777).toBe(0o700);
    expect(await changes(held, inputsOf(machine, files, { units }))).toEqual([]);
  });

  test("changes and removes what changed, and reloads only what reads it", async () => {
    writeFileSync(join(machine.folder, "units/haproxy.service"), "");
    writeFileSync(join(machine.folder, "units/other.service"), "");
    const files = {
      a: HAPROXY,
      b: { content: "b", apply: { kind: "restart", unit: "other.service" } },
      c: { content: "c" },
    };
    const held = await create(inputsOf(machine, files));
    expect(machine.asked).toEqual(["reload-or-restart haproxy.service", "restart other.service"]);
    const { b } = files;
    const next = inputsOf(machine, { a: { ...HAPROXY, content: "good 2\n" }, b, d: { content: "d" } });
    expect(await changes(held, next)).toEqual([
      'update files["/etc/a"]',
      'delete files["/etc/c"]',
      'add files["/etc/d"]',
    ]);
    await update(held, next);
    expect(machine.asked.slice(2)).toEqual(["reload-or-restart haproxy.service"]);
    expect(readdirSync(machine.path()).sort()).toEqual(["a", "b", "d"]);
    expect(leftovers()).toEqual([]);
  });

  test("takes what HAProxy's own check takes, and reports its message about the rest", async () => {
    const content =
      "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\nlisten api\n  bind 127.0.0.1:8888\n  server one 127.0.0.1:6443\n";
    const file = { content, validate: ["haproxy", "-c", "-f", "{}"] };
    const held = await create(inputsOf(machine, { "haproxy.cfg": file }));
    const bad = { ...file, content: content.replace("listen", "lisen") };
    expect(await refusal(update(held, inputsOf(machine, { "haproxy.cfg": bad })))).toMatch(
      /config : parsing \[\/etc\/haproxy\.cfg:6\] *: unknown keyword 'lisen'/,
    );
    expect(machine.read("haproxy.cfg")).toBe(content);
  });

  test("waits until the machine is ready", async () => {
    const ready = join(machine.folder, "ready");
    const awaits = ["sh", "-c", `until [ -e ${ready} ]; do sleep 0.1; done`];
    const pending = create(inputsOf(machine, { a: { content: "a" } }, { awaits }));
    await pause(1_000);
    expect(existsSync(machine.path("a"))).toBe(false);
    writeFileSync(ready, "");
    await pending;
    expect(machine.read("a")).toBe("a");
    const never = { awaits: ["sh", "-c", "echo status: error; exit 1"] };
    expect(await refusal(create(inputsOf(machine, { a: { content: "b" } }, never)))).toContain(
      "it is not ready for files: sh -c echo status: error; exit 1: status: error",
    );
  });

  test("shows its validators new files that another refers to", async () => {
    const cert = machine.path("site.pem");
    const validate = [
      "sh",
      "-c",
      `test -e ${cert} && test "$(stat -c %a $(dirname "$1"))" = 700`,
      "check",
      "{}",
    ];
    await create(
      inputsOf(machine, { "haproxy.cfg": { content: "good", validate }, "site.pem": { content: "pem" } }),
    );
    expect(machine.read("site.pem")).toBe("pem");
  });

  test("through a bastion, and through a SOCKS proxy", async () => {
    const bastion = await boot("bastion");
    const via = { kind: "bastion", ...bastion.endpoint };
    await create(inputsOf(machine, { a: { content: "1" } }, { connection: machine.connection(via) }));
    expect(machine.read("a")).toBe("1");
    const socks = await socksProxy();
    const through = { kind: "socks", url: `socks5://127.0.0.1:${socks.port}` };
    await create(inputsOf(machine, { a: { content: "2" } }, { connection: machine.connection(through) }));
    expect(machine.read("a")).toBe("2");
    expect(socks.seen).toEqual([`127.0.0.1:${machine.port}`]);
    await socks.close();
  });

  test("shares one connection to the bastion, and reports which of the two does not answer", async () => {
    const bastion = await boot("bastion");
    const second = await boot("second");
    const connection = (to: TestMachine): PropertyMap =>
      to.connection({ kind: "bastion", ...bastion.endpoint });
    const handler = machineFilesHandler({ kind: "ssh", directory: join(root, "shared"), pace: PACE });
    const on = (to: TestMachine, more: PropertyMap = {}): Promise<Held> =>
      create(inputsOf(to, { a: { content: "1" } }, { connection: connection(to), ...more }), handler);
    await Promise.all([on(machine), on(second)]);
    const log = readFileSync(join(bastion.folder, "sshd.log"), "utf8");
    expect(log.match(/Accepted publickey/g)).toHaveLength(1);
    await second.stop();
    expect(await refusal(on(second, { timeoutSeconds: 0.3 }))).toContain(
      `the bastion cannot connect to 127.0.0.1:${second.port}: (SSH) Channel open failure: Connection refused`,
    );
    await bastion.stop();
    expect(await refusal(on(machine, { timeoutSeconds: 0.3 }))).toContain(
      `127.0.0.1:${bastion.port}: connect ECONNREFUSED`,
    );
  });
});

describe("a machine keeps its old files", () => {
  test("when a validator says no: its message is reported, without secrets; nothing is reloaded", async () => {
    writeFileSync(join(machine.folder, "units/haproxy.service"), "");
    const file = { ...HAPROXY, validate: VALIDATE };
    const held = await create(inputsOf(machine, { a: file }));
    const bad = { a: { ...file, content: "password hunter22 is bad" }, fresh: { content: "fresh" } };
    const pushed = update(held, inputsOf(machine, bad, { mask: ["hunter22"] }));
    expect(await refusal(pushed)).toBe(
      `servers/web does not take its new files, so none was replaced
  /etc/a: ${VALIDATE.join(" ")}: line 1 of /etc/a: password [secret] is bad`,
    );
    expect(machine.read("a")).toBe("good\n");
    expect(existsSync(machine.path("fresh"))).toBe(false);
    expect(machine.asked).toEqual(["reload-or-restart haproxy.service"]);
    expect(leftovers()).toEqual([]);
  });

  test("when a reload fails: they are put back, and the unit goes on with them", async () => {
    writeFileSync(join(machine.folder, "units/haproxy.service"), "");
    const held = await create(inputsOf(machine, { a: HAPROXY }));
    writeFileSync(join(machine.folder, "broken"), machine.path("a"));
    const bad = inputsOf(
      machine,
      { a: { ...HAPROXY, content: "evil" }, b: { content: "b" } },
      { mask: ["token-of-the-lab"] },
    );
    expect(await refusal(update(held, bad))).toBe(
      `the new files of servers/web did not work, so the old ones were put back
  systemctl reload-or-restart haproxy.service: Job for haproxy.service failed: it says [secret]`,
    );
    expect(machine.read("a")).toBe("good\n");
    expect(existsSync(machine.path("b"))).toBe(false);
    expect(machine.asked.slice(-2)).toEqual([
      "reset-failed haproxy.service",
      "reload-or-restart haproxy.service",
    ]);
    expect(leftovers()).toEqual([]);
  });

  test("when a check fails after the reload; a unit that had waited waits again", async () => {
    const units = [{ name: "haproxy.service", needs: [machine.path("a")] }];
    const checks = [{ name: "answers", run: ["sh", "-c", "echo no answer; exit 3"], timeoutSeconds: 5 }];
    expect(await refusal(create(inputsOf(machine, { a: HAPROXY }, { units, checks })))).toBe(
      `the new files of servers/web did not work, so the old ones were put back
  check answers (sh -c echo no answer; exit 3): no answer`,
    );
    expect(existsSync(machine.path("a"))).toBe(false);
    expect(existsSync(join(machine.folder, "units/haproxy.service"))).toBe(false);
    const slow = [{ name: "answers", run: ["sleep", "9"], timeoutSeconds: 1 }];
    expect(await refusal(create(inputsOf(machine, { a: HAPROXY }, { units, checks: slow })))).toContain(
      "no end after 1 s",
    );
  });

  test("when an owner does not exist there, or a directory is in its place", async () => {
    const nobody = inputsOf(machine, { a: { content: "a", owner: "nobody-here:nobody-here" } });
    expect(await refusal(create(nobody))).toContain("owner nobody-here:nobody-here:");
    mkdirSync(machine.path("a"));
    expect(await refusal(create(inputsOf(machine, { a: { content: "a" } })))).toContain(
      "/etc/a: is a directory",
    );
    expect(leftovers()).toEqual([]);
  });

  test.each(["etc", "store"])("when the disk is full (%s)", async (full) => {
    const held = await create(inputsOf(machine, { a: HAPROXY }));
    const folder = join(machine.folder, full);
    cpSync(folder, join(machine.folder, "kept"), { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder]);
    try {
      cpSync(join(machine.folder, "kept"), folder, { recursive: true });
      const files = { a: { ...HAPROXY, content: "good 2\n" }, b: { content: "x".repeat(100_000) } };
      expect(await refusal(update(held, inputsOf(machine, files)))).toBe(
        "servers/web does not take its new files, so none was replaced\n  [Errno 28] No space left on device",
      );
      expect(machine.read("a")).toBe("good\n");
      expect(leftovers()).toEqual([]);
    } finally {
      execFileSync("umount", [folder]);
    }
  });

  test("and the state learns what is really there, where that is not what it knew", async () => {
    const file = { ...HAPROXY, validate: VALIDATE };
    const held = await create(inputsOf(machine, { a: file }));
    writeFileSync(machine.path("a"), "by hand, good");
    const failed = await update(held, inputsOf(machine, { a: { ...file, content: "bad" } })).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(PartialFailure);
    const { outputs } = failed as PartialFailure;
    expect(await changes({ ...held, outputs }, inputsOf(machine, { a: file }))).toEqual([
      'update files["/etc/a"]',
    ]);
  });
});

describe("drift", () => {
  test("of content, owner, mode and absence shows file by file, and the next push repairs it", async () => {
    const files = { a: { content: "a" }, b: { content: "b" }, c: { content: "c" }, d: { content: "d" } };
    const held = await create(inputsOf(machine, files));
    expect((await refreshed(held)).outputs).toEqual(held.outputs);
    writeFileSync(machine.path("a"), "by hand");
    rmSync(machine.path("b"));
    chmodSync(machine.path("c"), 0o666);
    const drifted = await refreshed(held);
    expect(await changes(drifted, inputsOf(machine, files))).toEqual([
      'update files["/etc/a"]',
      'add files["/etc/b"]',
      'update files["/etc/c"]',
    ]);
    const repaired = await update(drifted, inputsOf(machine, files));
    expect(repaired.outputs).toEqual(held.outputs);
    expect(machine.read("a")).toBe("a");
  });

  test("is not seen on a machine that is away: its state stays, with a warning", async () => {
    const held = await create(inputsOf(machine, { a: { content: "a" } }));
    await machine.stop();
    expect((await refreshed(held)).outputs).toEqual(held.outputs);
    expect(logged).toEqual([
      `warning: the files of servers/web could not be looked at: 127.0.0.1:${machine.port}: connect ECONNREFUSED 127.0.0.1:${machine.port}`,
    ]);
  });
});

describe("who answers", () => {
  test("has to show the known host key", async () => {
    const other = strangeKey();
    const connection = { ...machine.connection(), hostKey: other.publicKey };
    const message = await refusal(create(inputsOf(machine, { a: { content: "a" } }, { connection })));
    expect(message).toMatch(
      new RegExp(
        `last answer: 127.0.0.1:${machine.port} shows another host key \\(SHA256:\\S+\\) than the one it was given`,
      ),
    );
    expect(message).toContain("after N s (N attempts)");
    expect(existsSync(machine.path("a"))).toBe(false);
  });

  test("has to let the key in", async () => {
    machine.allow(strangeKey().publicKey);
    const message = await refusal(create(inputsOf(machine, { a: { content: "a" } })));
    expect(message).toContain(`last answer: 127.0.0.1:${machine.port} refuses the key of user`);
    expect(message).not.toContain("PRIVATE KEY");
  });

  test("may take its time to boot, up to the limit", async () => {
    await machine.stop();
    const pending = create(inputsOf(machine, { a: { content: "a" } }));
    await pause(500);
    await machine.start();
    await pending;
    expect(logged[0]).toMatch(/^info: 127.0.0.1:\d+: connect ECONNREFUSED/);
    await machine.stop();
    const message = await refusal(create(inputsOf(machine, { a: { content: "b" } }, { timeoutSeconds: 1 })));
    expect(message).toMatch(
      /^no files could be pushed to servers\/web after N s \(N attempts\)\n {2}asked: \S+@127/,
    );
  });
});

describe("an interrupted push", () => {
  test("goes on when the connection is cut, and is done when the plugin comes again", async () => {
    writeFileSync(join(machine.folder, "units/haproxy.service"), "");
    const held = await create(inputsOf(machine, { a: HAPROXY, b: { content: "1" } }));
    writeFileSync(join(machine.folder, "slow"), "2");
    const pending = update(
      held,
      inputsOf(machine, { a: { ...HAPROXY, content: "good 2\n" }, b: { content: "2" } }),
    );
    while (machine.read("a") === "good\n") await pause(20);
    machine.cut();
    await pending;
    expect([machine.read("a"), machine.read("b")]).toEqual(["good 2\n", "2"]);
    expect(logged.join()).toContain("the connection was lost");
    expect(leftovers()).toEqual([]);
  });

  test("is undone at once when its program is killed on the machine", async () => {
    writeFileSync(join(machine.folder, "units/haproxy.service"), "");
    const held = await create(inputsOf(machine, { a: HAPROXY, b: { content: "1" } }));
    writeFileSync(join(machine.folder, "slow"), "3");
    const pending = refusal(
      update(held, inputsOf(machine, { a: { ...HAPROXY, content: "good 2\n" }, b: { content: "2" } })),
    );
    while (machine.read("a") === "good\n") await pause(20);
    // The one that watches it has the lowest number; a fork that becomes `systemctl` may be there for a moment.
    const [, worker = 0] = [...machine.agents()].sort((one, other) => one - other);
    expect(worker).toBeGreaterThan(0);
    process.kill(worker, "SIGKILL");
    expect(await pending).toBe(
      `the new files of servers/web did not work, so the old ones were put back
  the push was ended on the machine by signal 9`,
    );
    expect([machine.read("a"), machine.read("b")]).toEqual(["good\n", "1"]);
    expect(leftovers()).toEqual([]);
  });
});

describe("a group", () => {
  test("is touched one machine at a time; after a failure no other is", async () => {
    const second = await boot("second");
    const handler = machineFilesHandler({ kind: "ssh", directory: join(root, "store-of-all"), pace: PACE });
    const units = [{ name: "a.service", needs: [] }];
    for (const each of [machine, second]) writeFileSync(join(each.folder, "slow"), "0.5");
    const on = (each: TestMachine, content: string): Promise<Held> =>
      create(inputsOf(each, { a: { content, validate: VALIDATE } }, { units, group: "gateways" }), handler);
    await Promise.all([on(machine, "good"), on(second, "good")]);
    const [one, other] = [machine, second].map((each) => each.askedWithTimes[0]?.at ?? 0n);
    expect(Number((other ?? 0n) - (one ?? 0n)) / 1e6).toBeGreaterThan(500);
    const [first, next] = await Promise.allSettled([on(machine, "bad"), on(second, "good and more")]);
    expect(first.status).toBe("rejected");
    expect(next).toMatchObject({
      reason: {
        message:
          'servers/second was not touched: servers/web, of the same group "gateways", failed before it in this run; fix that one, then run up again',
      },
    });
    expect(second.read("a")).toBe("good");
  });
});
