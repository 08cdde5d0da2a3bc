/**
 * The storage servers of prod, booted from the plan's user data: their pool, its volume, and NFS in front of it.
 *
 * Not covered here: that an empty brick of a new server is filled again. Nor, because a container has no kernel of its own: the kernel's NFS client (one in user space stands in),
 * and what Heketi does with logical volumes. Its settings are looked at by their programs, and what speaks with it by a
 * server of ours.
 */
import { randomBytes } from "node:crypto";
import { host, hostPackages, until } from "../machines/host";
import type { Machine } from "../machines/machine";
import { Outside } from "../machines/outside";
import { bakedPlan } from "../machines/planned-machines";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { isOwner } from "../../../environment/config";
import { look, nfs, StorageLab, whole } from "./storage-lab";

const KEYS = ["gluster/0", "gluster/1", "gluster/2"] as const;
const NODE = "192.168.3.112";
const STRANGER = "192.168.3.12";
const BRICK = "/srv/gluster/brick/data";

let lab: StorageLab;
let servers: [Machine, Machine, Machine];
let outside: Outside;

beforeAll(async () => {
  await hostPackages(["libnfs13", "xfsprogs"]);
  lab = await StorageLab.open(limited(bakedPlan()));
  outside = new Outside(lab.lab.network);
  for (const each of [NODE, STRANGER]) await lab.lab.network.addNeighbour(`${each}/24`);
  for (const key of KEYS) await lab.from(NODE, key);
  servers = await Promise.all([lab.up(KEYS[0]), lab.up(KEYS[1]), lab.up(KEYS[2])]);
});
afterAll(async () => {
  outside.close();
  await lab.close();
});

/** 1 GiB is more than a test's brick, so that the limit is made smaller where it is looked at. */
function limited(plan: EnvironmentPlan): EnvironmentPlan {
  const { config } = plan;
  if (!isOwner(config) || config.storage.shared.kind !== "gluster") throw new Error("prod has Gluster");
  const shared = { ...config.storage.shared, quotas: { datalab: "1Gi" as const } };
  return { ...plan, config: { ...config, storage: { ...config.storage, shared } } };
}

const put = async (key: string, path: string, data: string) =>
  (await nfs(lab.lab.network, [lab.address(key), "/shared", "put", path], data)).code;
const get = async (key: string, path: string) => {
  const { code, stdout, stderr } = await nfs(lab.lab.network, [lab.address(key), "/shared", "get", path]);
  return code === 0 ? stdout : `${String(code)}: ${stderr}`;
};
const serving = (key: string, seconds = 60) =>
  until(`NFS of ${key}`, seconds, async () =>
    (await outside.connects(NODE, lab.address(key), 2049)) ? true : undefined,
  );
const text = (): string => randomBytes(20_000).toString("base64");
const first = text();

test("the servers make the pool and its volume by themselves, and each serves it", async () => {
  await until("volume", 90, async () => {
    await look(servers[0]);
    return (await servers[0].run(["gluster", "volume", "info", "shared"])).stdout.includes("Status: Started")
      ? true
      : undefined;
  });
  await whole(servers[0], 30);
  for (const each of servers) await look(each);
  for (const key of KEYS) await serving(key);
  expect(await put("gluster/0", "/first", first)).toBe(0);
  for (const key of KEYS) expect(await get(key, "/first")).toBe(first);
});

test("looking again changes nothing", async () => {
  const history = () =>
    servers[0].must([
      "grep",
      "-Ec",
      "\\b(create|set|start|add-brick|limit-usage|probe|enable|timeout|remove)\\b",
      LOG,
    ]);
  await look(servers[0]);
  const before = await history();
  await look(servers[0]);
  expect(await history()).toBe(before);
});
const LOG = "/var/log/glusterfs/cmd_history.log";

test("what listens is what the plan opens, to whom it is opened", async () => {
  const listening = await servers[0].must(["ss", "-tlnpH"]);
  const ports = [...listening.matchAll(/:(\d+) +\S+ +users:\(\("(gluster|ganesha)/g)].map(([, port]) =>
    Number(port),
  );
  expect(new Set(ports.filter((port) => port < 49152))).toEqual(new Set([24007, 2049]));
  expect(ports.filter((port) => port >= 49152 && port <= 60999).length).toBeGreaterThan(0);
  expect(Math.max(...ports)).toBeLessThan(61000);
  expect(await outside.connects(NODE, lab.address("gluster/0"), 2049)).toBe(true);
  expect(await outside.connects(STRANGER, lab.address("gluster/0"), 2049)).toBe(false);
  expect(await outside.connects(NODE, lab.address("gluster/0"), 24007)).toBe(false);
});

test("a namespace stores no more than its limit, which the plan sets and changes", async () => {
  const limit = async () => (await servers[0].must(["gluster", "volume", "quota", "shared", "list"])).trim();
  expect(await limit()).toMatch(/^\/datalab +1\.0GB/m);
  for (const each of servers)
    await each.must([
      "sed",
      "-i",
      's|^QUOTAS=.*|QUOTAS="/datalab=1048576"|',
      "/etc/labstead/gluster/pool.env",
    ]);
  await look(servers[0]);
  expect(await limit()).toMatch(/^\/datalab +1\.0MB/m);
  expect(await put("gluster/1", "/datalab/fits", text())).toBe(0);
  expect(await put("gluster/1", "/datalab/too-much", randomBytes(1_500_000).toString("base64"))).not.toBe(0);
});

test("a brick that was killed misses nothing: it is started again and healed", async () => {
  await servers[2].must(["sh", "-c", "systemctl stop labstead-gluster.timer; pkill -KILL -x glusterfsd"]);
  await servers[0].must(["systemctl", "stop", "labstead-gluster.timer"]);
  expect(await put("gluster/0", "/while-one-is-dead", first)).toBe(0);
  expect((await servers[2].run(["test", "-e", `${BRICK}/while-one-is-dead`])).code).not.toBe(0);
  expect((await servers[0].run(["/usr/local/lib/labstead/gluster/status.sh"])).stdout).toContain(
    "is offline",
  );
  await look(servers[0]);
  await whole(servers[0], 60);
  expect(await servers[2].must(["cat", `${BRICK}/while-one-is-dead`])).toBe(first);
});

test("after each machine was restarted all data is there", async () => {
  for (const [index, machine] of servers.entries()) {
    await machine.kill();
    await machine.start();
    await until("pool", 60, async () => {
      await look(machine);
      return (await machine.must(["gluster", "pool", "list"])).match(/Connected/g)?.length === 3
        ? true
        : undefined;
    });
    await look(machine);
    await whole(machine, 60);
    await serving(KEYS[index] ?? "", 60);
  }
  // A server that has just started lets clients take their locks again first, and opens nothing for others.
  for (const key of KEYS)
    await until(`data through ${key}`, 60, async () =>
      (await get(key, "/first")) === first ? true : undefined,
    );
});

test("a new server with the old brick is the old member of the pool", async () => {
  const uuid = await servers[1].must(["cat", "/var/lib/glusterd/glusterd.info"]);
  await servers[1].destroy();
  expect(await put("gluster/0", "/while-one-is-away", first)).toBe(0);
  servers[1] = await lab.up("gluster/1");
  expect(await servers[1].must(["cat", "/var/lib/glusterd/glusterd.info"])).toBe(uuid);
  await look(servers[0]);
  await whole(servers[0], 90);
  expect(await servers[1].must(["cat", `${BRICK}/while-one-is-away`])).toBe(first);
});

test("a new server with an empty brick takes the old one's place in the pool", async () => {
  const uuid = await servers[2].must(["grep", "UUID", "/var/lib/glusterd/glusterd.info"]);
  await servers[2].destroy();
  const { loop } = await lab.brick("gluster/2");
  await host(["wipefs", "--all", "--quiet", loop]);
  servers[2] = await lab.up("gluster/2");
  await until("old place", 90, async () => {
    await look(servers[2]);
    return (await servers[2].run(["grep", "UUID", "/var/lib/glusterd/glusterd.info"])).stdout === uuid
      ? true
      : undefined;
  });
});
