/** MachineFiles without machines: its inputs, its hashes, its order, and its message where there is no SSH. */
import { generateKeyPairSync } from "node:crypto";

import { entryOf, sha256 } from "../../provider/machine-files/entries";
import { Groups } from "../../provider/machine-files/groups";
import { machineFilesHandler } from "../../provider/machine-files/handler";
import { masked } from "../../provider/machine-files/mask";
import { Secret, UNKNOWN } from "../../provider-protocol";
import type { CheckFailure, PropertyMap } from "../../provider-protocol";
import { sshKeys } from "./ssh-keys";

const KEY = sshKeys();
const SALT = "sixteen characters";
const PATH = "/etc/haproxy/haproxy.cfg";
const FILE = { content: "secret words", owner: "root:root", mode: "0644" };
const CONNECTION = {
  host: "10.0.0.5",
  user: "labstead",
  privateKey: KEY.private,
  hostKey: KEY.public,
  via: { kind: "direct" },
};

function given(more: PropertyMap = {}): PropertyMap {
  return {
    server: "gateways/0",
    machine: "id",
    connection: CONNECTION,
    salt: SALT,
    files: { [PATH]: FILE },
    ...more,
  };
}

const said: string[] = [];
const common = {
  urn: "urn:pulumi:prod::lab::labstead:index:MachineFiles::gateways/0",
  type: "labstead:index:MachineFiles",
  name: "gateways/0",
  log: (severity: string, message: string): void => void said.push(`${severity}: ${message}`),
  timeoutSeconds: undefined,
  signal: new AbortController().signal,
};
const handler = () => machineFilesHandler({ kind: "none", because: "a test" });
const check = (newInputs: PropertyMap, by = handler()) =>
  by.check({ ...common, newInputs, oldInputs: {}, randomSeed: new Uint8Array() });

describe("what Check returns", () => {
  test("holds entries instead of contents, secrets as secrets, and nothing to be masked", async () => {
    const via = { kind: "bastion", ...CONNECTION, via: null };
    const { inputs, failures } = await check(given({ mask: ["words"], connection: { ...CONNECTION, via } }));
    expect(failures).toEqual([]);
    expect(inputs["files"]).toEqual({
      [PATH]: entryOf(SALT, PATH, { ...FILE, sha256: sha256("secret words") }),
    });
    expect(JSON.stringify(inputs)).not.toMatch(/words|PRIVATE|sixteen/);
    expect(inputs["salt"]).toEqual(new Secret(SALT));
    expect(inputs).not.toHaveProperty("mask");
  });

  test("leaves what is not known yet unknown, file by file", async () => {
    const files = { [PATH]: { ...FILE, content: new Secret(UNKNOWN) }, "/etc/motd": FILE };
    const { inputs, failures } = await check(given({ files, machine: UNKNOWN }));
    expect(failures).toEqual([]);
    expect(inputs["files"]).toEqual({
      [PATH]: UNKNOWN,
      "/etc/motd": expect.stringContaining("0644 root:root ") as string,
    });
    const unsalted = await check(given({ salt: UNKNOWN, connection: UNKNOWN }));
    expect(unsalted).toMatchObject({ failures: [], inputs: { files: { [PATH]: UNKNOWN } } });
  });

  test("hashes by salt and path: neither equal contents nor guesses show", () => {
    const look = { ...FILE, sha256: sha256("1234") };
    expect(entryOf(SALT, "/a", look)).not.toBe(entryOf(SALT, "/b", look));
    expect(entryOf(SALT, "/a", look)).not.toBe(entryOf(`${SALT}.`, "/a", look));
    expect(entryOf(SALT, "/a", look)).not.toContain(sha256("1234").slice(0, 16));
  });

  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  test.each<[string, PropertyMap, CheckFailure]>([
    [
      "a short salt",
      { salt: "short" },
      { property: "salt", reason: expect.stringContaining("at least 16 characters") as string },
    ],
    [
      "a key in PEM",
      { connection: { ...CONNECTION, privateKey: pem } },
      {
        property: "connection.privateKey",
        reason:
          "is no private key in OpenSSH's format without a passphrase; give privateKeyOpenssh of a tls.PrivateKey",
      },
    ],
    [
      "a host key that is none",
      { connection: { ...CONNECTION, hostKey: "ssh-dss AAAA" } },
      {
        property: "connection.hostKey",
        reason: "is no public host key, such as `ssh-ed25519 AAAA…` (publicKeyOpenssh of a tls.PrivateKey)",
      },
    ],
    [
      "another way",
      { connection: { ...CONNECTION, via: { kind: "carrier" } } },
      {
        property: "connection.via",
        reason: 'is one of {kind: "direct"}, {kind: "bastion", host, …}, {kind: "socks", url}',
      },
    ],
    [
      "a path upwards",
      { files: { "/etc/../motd": FILE } },
      {
        property: 'files["/etc/../motd"]',
        reason: "is no absolute path without `.`, `..` and double slashes",
      },
    ],
    [
      "a mode of three digits",
      { files: { [PATH]: { ...FILE, mode: "644" } } },
      { property: `files["${PATH}"].mode`, reason: "is four octal digits, such as 0644" },
    ],
    [
      "an owner without group",
      { files: { [PATH]: { ...FILE, owner: "root" } } },
      { property: `files["${PATH}"].owner`, reason: "is user:group, such as root:root" },
    ],
    [
      "a lost Output",
      { files: { [PATH]: { ...FILE, content: "a Calling [toString] on an [Output<T>] is" } } },
      {
        property: `files["${PATH}"].content`,
        reason: "holds an Output that was put into a text; bind it with pulumi.interpolate",
      },
    ],
    [
      "a validator without a candidate",
      { files: { [PATH]: { ...FILE, validate: ["haproxy", "-c"] } } },
      {
        property: `files["${PATH}"].validate`,
        reason: "is a program and its arguments, with {} for the candidate's path",
      },
    ],
    [
      "a unit without suffix",
      { units: [{ name: "haproxy", needs: [] }] },
      { property: "units[0].name", reason: "is a unit with its suffix, such as haproxy.service" },
    ],
    [
      "a need that does not come",
      { units: [{ name: "a.service", needs: ["/b"] }] },
      { property: "units[0].needs", reason: "/b is not among the files" },
    ],
    [
      "an unknown input",
      { file: {} },
      {
        property: "file",
        reason: expect.stringContaining("MachineFiles has no such input; it has server,") as string,
      },
    ],
  ])("refuses %s, and quotes no secret", async (_what, more, failure) => {
    const { failures } = await check(given(more));
    expect(failures).toEqual([failure]);
    expect(JSON.stringify(failures)).not.toContain("PRIVATE");
  });
});

describe("a change", () => {
  const diff = async (before: PropertyMap, after: PropertyMap, applied?: PropertyMap) => {
    const [oldInputs, newInputs] = [(await check(before)).inputs, (await check(after)).inputs];
    const oldState = { files: applied ?? oldInputs["files"] ?? {} };
    return (await handler().diff({ ...common, id: "id", oldInputs, newInputs, oldState, ignoreChanges: [] }))
      .changes;
  };

  test("of how to connect, check or apply is none", async () => {
    const connection = { ...CONNECTION, host: "10.0.0.6" };
    const apply = { kind: "reload", unit: "a.service" };
    const checks = [{ name: "a", run: ["true"], timeoutSeconds: 1 }];
    expect(await diff(given(), given({ connection, checks, files: { [PATH]: { ...FILE, apply } } }))).toEqual(
      {},
    );
  });

  test("of the machine replaces, also while the new one is not known", async () => {
    expect(await diff(given(), given({ machine: UNKNOWN }))).toEqual({
      machine: { change: "update", replace: true },
    });
  });

  test("is seen against what was applied, not against what was wanted", async () => {
    expect(await diff(given(), given(), {})).toEqual({
      [`files["${PATH}"]`]: { change: "add", replace: false, against: "state" },
    });
  });
});

test("contents that this run was not given are not made up", async () => {
  const { inputs } = await check(given());
  const another = machineFilesHandler({ kind: "ssh" });
  await expect(another.create({ ...common, inputs, preview: false })).rejects.toThrow(
    `the contents of ${PATH} were not given to the plugin in this run: they are stored nowhere, so the program has to run; run: pulumi up`,
  );
});

test("without SSH nothing is pushed, and it says so; the state is as if", async () => {
  const by = handler();
  const { inputs } = await check(given(), by);
  said.length = 0;
  const { id, outputs } = await by.create({ ...common, inputs, preview: false });
  expect({ id, outputs }).toEqual({ id: "id", outputs: { files: inputs["files"] } });
  expect(said).toEqual(["info: no SSH here: 1 file was not pushed (a test)"]);
});

test("a secret is masked whole, line by line, the longer one first", () => {
  expect(masked("a hunter2-long b hunter2 c", ["hunter2", "hunter2-long"])).toBe("a [secret] b [secret] c");
  expect(masked("line MIIabc of a key", ["-----BEGIN\nMIIabc\n-----END"])).toBe("line [secret] of a key");
  expect(masked("no to a", ["a"])).toBe("no to a");
});

describe("groups", () => {
  test("go on side by side, their members one after the other, within the limit of all", async () => {
    const groups = new Groups(3);
    const running = new Set<string>();
    let most = 0;
    const work = (name: string, group: string) =>
      groups.run(group, name, async () => {
        expect([...running].some((other) => other.startsWith(group))).toBe(false);
        running.add(name);
        most = Math.max(most, running.size);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running.delete(name);
      });
    const all = ["a", "b", "c", "d", "e"].flatMap((group) =>
      [0, 1, 2].map((slot) => work(`${group}${slot}`, group)),
    );
    await Promise.all(all);
    expect(most).toBe(3);
  });

  test("of hundreds cost each member once", async () => {
    const groups = new Groups();
    let calls = 0;
    await Promise.all(
      Array.from({ length: 2_000 }, (_, index) =>
        groups.run("one", `s${index}`, () => Promise.resolve(calls++)),
      ),
    );
    expect(calls).toBe(2_000);
  });
});
