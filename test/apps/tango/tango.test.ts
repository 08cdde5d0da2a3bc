/** Tango control systems: what is rendered, and the shell of their waits and of their configuration. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { APPLY_CONFIGURATION } from "../../../apps/tango/device-server";
import { dsconfig, instanceName } from "../../../apps/tango/devices";
import { checkOf, waitScript } from "../../../apps/tango/waits";
import { fieldOf, identityOf, listAt, type Manifest } from "../../../deploy/manifest";
import { planCharts } from "../../../deploy/plan";
import { renderChart } from "../manifests";
import { outline } from "../outline";
import { manifests, telescope, type Changes } from "./telescope";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-tango-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function named(kind: string, name: string): Manifest {
  const found = manifests().find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`${kind} ${name} is not rendered`);
  return found;
}

test("the objects of a control system", () => {
  expect(manifests().map(identityOf).sort()).toMatchSnapshot();
});

test("an instance of a device server", () => {
  const instance = renderChart(telescope()).manifests.filter(
    ({ metadata: { name }, kind }) => kind === "StatefulSet" && name === "tangotest-far-away",
  );
  expect(outline(instance)).toMatchSnapshot();
});

test("the waits of an instance, in their order: its configuration, what its server waits for, its own", () => {
  const waits = listAt(
    named("StatefulSet", "tangotest-far-away"),
    "spec",
    "template",
    "spec",
    "initContainers",
  );
  const checks = waits.map((each) => /if (.*); then/.exec(String(listAt(each, "command")[2]))?.[1]);
  expect(checks).toEqual([
    "tango_admin --check-device sys/tg_test/2",
    "timeout 2 bash -c '</dev/tcp/archive.control.svc/5432' 2>/dev/null",
    "tango_admin --ping-device sys/tg_test/1",
  ]);
});

test("the database comes first and ends last, and instances come after their configuration", () => {
  const { objects } = planCharts([telescope()]);
  const place = (kind: string, name: string) =>
    objects.findIndex(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name);
  const order = [
    place("StatefulSet", "tangodb"),
    place("StatefulSet", "databaseds"),
    place("Job", "tangotest-config"),
    place("StatefulSet", "tangotest-test"),
  ];
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((one, other) => one - other));
});

test("passwords come from the Secret alone", () => {
  const [container] = listAt(named("StatefulSet", "tangodb"), "spec", "template", "spec", "containers");
  const variables = listAt(container, "env").filter((each) =>
    String(fieldOf(each, "name")).endsWith("PASSWORD"),
  );
  expect(variables.map((each) => fieldOf(each, "valueFrom", "secretKeyRef", "name"))).toEqual([
    "tangodb",
    "tangodb",
  ]);
});

test("dsconfig's file", () => {
  const instances = { test: { classes: { TangoTest: { "sys/tg_test/1": { polling: ["State"] } } } } };
  expect(dsconfig("TangoTest", instances)).toEqual({
    servers: {
      TangoTest: { test: { TangoTest: { "sys/tg_test/1": { properties: { polling: ["State"] } } } } },
    },
  });
});

/** Runs the Job's command with a json2tango that ends so. */
function configured(code: number): number | null {
  const program = join(folder, "json2tango");
  writeFileSync(program, `#!/bin/sh\nexit ${String(code)}\n`);
  chmodSync(program, 0o755);
  const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  return spawnSync("sh", ["-c", APPLY_CONFIGURATION], { env }).status;
}

test.each([
  [0, 0],
  [2, 0],
  [1, 1],
  [3, 3],
  [127, 127],
])("a configuration that ends with %d is one of %d", (code, result) => {
  expect(configured(code)).toBe(result);
});

test("a wait for a port ends when it opens, by a real shell", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const script = waitScript(checkOf({ kind: "host", host: "127.0.0.1", port })).replace(
    "sleep 2",
    "sleep 0.1",
  );
  const waiting = spawn("bash", ["-c", script]);
  const ended = new Promise<number | null>((resolve) => waiting.once("close", resolve));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(waiting.exitCode).toBeNull();
  const late = createServer((socket) => socket.end()).listen(port, "127.0.0.1");
  expect(await ended).toBe(0);
  await new Promise((resolve) => late.close(resolve));
});

test("a wait in vain fails, and says for what", () => {
  const script = waitScript({ what: "the archive", command: "false" })
    .replace("seq 150", "seq 2")
    .replace("sleep 2", "sleep 0");
  const { status, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "not there after five minutes: the archive\n" });
});

const DEVICES = { TangoTest: { "sys/tg_test/1": {} } };

test.each<readonly [string, Changes, string]>([
  ["no instance", { instances: {} }, "tangotest: has no instance; name one, with its devices"],
  [
    "an instance without devices",
    { instances: { test: { classes: {} } } },
    "tangotest: the instance test has no device; name one",
  ],
  [
    "a device twice, in another case",
    { instances: { a: { classes: DEVICES }, b: { classes: { TangoTest: { "SYS/tg_test/1": {} } } } } },
    "tangotest: the device SYS/tg_test/1 is of a and of b; one process has it",
  ],
  [
    "two instances of one name in Kubernetes",
    { instances: { a_b: { classes: DEVICES }, "a-b": { classes: { TangoTest: { "sys/tg_test/2": {} } } } } },
    "tangotest: the instances a_b and a-b would both be tangotest-a-b; rename one",
  ],
  [
    "an instance that gives no name",
    { instances: { "a b": { classes: DEVICES } } },
    'tangotest: the instance "a b" gives no name of an object, tangotest-a b; use letters, digits, "_" and "-", at most 63 with the server\'s name',
  ],
  [
    "a device that is none",
    { instances: { test: { classes: { TangoTest: { "sys/$(id)/1": {} } } } } },
    '"sys/$(id)/1" is no name of a device; write domain/family/member, such as sys/tg_test/1',
  ],
  [
    "a host that is none",
    { after: [{ kind: "host", host: "a;b", port: 1 }] },
    '"a;b" is no host name or IPv4 address',
  ],
])("refused: %s", (_case, changes, message) => {
  expect(() => manifests(changes)).toThrow(new Error(message));
});

test("whatever is taken as a device is one word of a shell", () => {
  const part = fc.string({
    unit: fc.constantFrom(...Array.from("aZ9._-+$`;'/ \n")),
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(part, part, (one, other) => {
      let check: string;
      try {
        check = checkOf({ kind: "device", device: `${one}/${other}/1` }).command;
      } catch {
        return;
      }
      expect(check.split(/\s/)).toHaveLength(3);
      expect(check).toMatch(/^[A-Za-z0-9_.+/ -]+$/);
    }),
  );
});

test("names of instances differ only in case and underscores", () => {
  expect(instanceName("tangotest", "Far_Away")).toBe("tangotest-far-away");
});
