/** What speaks with Heketi on its server, against a small server that speaks its protocol. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeketiServer } from "./heketi-server";

const PROGRAM = join(__dirname, "../../../../platform/machines/gluster/scripts/heketi.py");
const KEY = "key-of-the-administrator";

let folder: string;
let heketi: HeketiServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "labstead-heketi-"));
  heketi = await HeketiServer.open(KEY);
  settings(KEY);
});
afterEach(async () => {
  await heketi.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);

function settings(key: string): void {
  writeFileSync(at("heketi.json"), JSON.stringify({ port: String(heketi.port), jwt: { admin: { key } } }));
}

function run(verb: string, file: string): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env["PATH"], HEKETI_CONFIG: at("heketi.json") };
  return new Promise((resolve) => {
    execFile("python3", ["-B", PROGRAM, verb, file], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), said: `${stdout}${stderr}`.trim() });
    });
  });
}

interface Wanted {
  readonly address: string;
  readonly devices: readonly string[];
}
const POOL = ["10.0.0.34", "10.0.0.35", "10.0.0.36"].map((address) => ({
  address,
  devices: ["/dev/labstead/brick"],
}));

function topology(servers: readonly Wanted[]): string {
  const nodes = servers.map(({ address, devices }, index) => ({
    node: { hostnames: { manage: [address], storage: [address] }, zone: index + 1 },
    devices: devices.map((name) => ({ name, destroydata: false })),
  }));
  writeFileSync(at("topology.json"), JSON.stringify({ clusters: [{ nodes }] }));
  return at("topology.json");
}

const posts = () => heketi.asked.filter((each) => each.startsWith("POST"));

test("Heketi learns servers and disks, and learns nothing twice", async () => {
  expect(await run("topology", topology(POOL))).toMatchObject({ code: 0 });
  expect(posts()).toHaveLength(1 + 3 + 3);
  expect(heketi.clusters).toHaveLength(1);
  expect(heketi.nodes.map(({ zone, devices }) => [zone, devices.map(({ name }) => name)])).toEqual(
    [1, 2, 3].map((zone) => [zone, ["/dev/labstead/brick"]]),
  );
  expect(await run("topology", topology(POOL))).toEqual({ code: 0, said: "" });
  expect(posts()).toHaveLength(7);
});

test("a server and a disk more are added to the same cluster; one that left is reported and stays", async () => {
  await run("topology", topology(POOL));
  const grown = [
    ...POOL.slice(1),
    { address: "10.0.0.37", devices: ["/dev/labstead/brick", "/dev/labstead/more"] },
  ];
  const { code, said } = await run("topology", topology(grown));
  expect({ code, clusters: heketi.clusters.length, nodes: heketi.nodes.length }).toEqual({
    code: 0,
    clusters: 1,
    nodes: 4,
  });
  expect(said).toContain("10.0.0.34 is not in the plan any more");
});

test("a disk that cannot be used is reported with Heketi's words, and the others are added all the same", async () => {
  heketi.badDevices.add("/dev/labstead/bad");
  const { code, said } = await run(
    "topology",
    topology([{ address: "10.0.0.33", devices: ["/dev/labstead/bad"] }, ...POOL]),
  );
  expect(code).toBe(1);
  expect(said).toContain(
    '10.0.0.33: POST /devices: 500 Can\'t initialize physical volume "/dev/labstead/bad"',
  );
  expect(heketi.nodes.flatMap(({ devices }) => devices)).toHaveLength(3);
});

test("a wrong key is refused by Heketi, and reported without the key", async () => {
  settings("another-key");
  const { code, said } = await run("topology", topology(POOL));
  expect(code).toBe(1);
  expect(said).toBe("GET /clusters: 401 signature is invalid");
});

test("a Heketi that is not there is reported", async () => {
  writeFileSync(at("heketi.json"), JSON.stringify({ port: "1", jwt: { admin: { key: KEY } } }));
  expect((await run("topology", topology(POOL))).said).toContain(
    "Heketi does not answer at http://127.0.0.1:1",
  );
});

test("its database is copied whole, and nothing else is taken for it", async () => {
  expect(await run("backup", at("copy"))).toEqual({ code: 0, said: "" });
  expect(readFileSync(at("copy"))).toEqual(heketi.database);
  heketi.database = Buffer.from("an error page that is long enough to be read as something");
  expect(await run("backup", at("other"))).toMatchObject({
    code: 1,
    said: expect.stringContaining("is no database") as string,
  });
});

test.each([
  [
    "a name for an address",
    [{ address: "gluster-0", devices: [] }],
    "storage address gluster-0: clients need an IP",
  ],
  ["an address twice", [...POOL, ...POOL.slice(0, 1)], "storage address 10.0.0.34 is there twice"],
  [
    "a device twice",
    [{ address: "10.0.0.34", devices: ["/dev/sdb", "/dev/sdb"] }],
    "device ('10.0.0.34', '/dev/sdb') is there twice",
  ],
])("a topology with %s is refused before it is used", async (_, servers, message) => {
  const { code, said } = await run("check", topology(servers));
  expect({ code, asked: heketi.asked }).toEqual({ code: 1, asked: [] });
  expect(said).toContain(message);
});
