/**
 * The storage servers of prod, booted from the plan's user data: their pool, its volume, and NFS in front of it.
 *
 * Not covered here, because a container has no kernel of its own: the kernel's NFS client (one in user space stands in),
 * and what Heketi does with logical volumes. Its settings are looked at by their programs, and what speaks with it by a
 * server of ours.
 */
import { randomBytes } from "node:crypto";
import { runs } from "../host/programs";
import { setUp } from "../host/undo";
import { host, until } from "../machines/host";
import type { Machine } from "../machines/machine";
import { Outside } from "../machines/outside";
import { bakedPlan } from "../machines/planned-machines";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { STORAGE_VIP } from "../../../environment/shared-storage";
import { filesOnBrick, look, nfs, StorageLab, whole } from "./storage-lab";

runs("ip", "wipefs");

const KEYS = ["gluster/0", "gluster/1", "gluster/2"] as const;
const NODE = "192.168.3.112";
const STRANGER = "192.168.3.12";
const BRICK = "/srv/gluster/brick/data";
const UNIT = "labstead-gluster.service";

let lab: StorageLab;
let servers: [Machine, Machine, Machine];
let outside: Outside;

setUp(async (undo) => {
  lab = undo.use(await StorageLab.open(limited(bakedPlan())));
  outside = undo.use(new Outside(lab.lab.network));
  for (const each of [NODE, STRANGER]) await lab.lab.network.addNeighbour(`${each}/24`);
  for (const key of KEYS) await lab.from(NODE, key);
  servers = await Promise.all([lab.up(KEYS[0]), lab.up(KEYS[1]), lab.up(KEYS[2])]);
});

/** 1 GiB is more than a test's brick, so that the limit is made smaller where it is looked at. */
function limited(plan: EnvironmentPlan): EnvironmentPlan {
  const { sharedStorage } = plan;
  if (sharedStorage.kind !== "gluster") throw new Error("prod has Gluster");
  return { ...plan, sharedStorage: { ...sharedStorage, quotas: { datalab: "1Gi" } } };
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

test("a new server with the old brick is the old member of the pool, and is healed", async () => {
  const uuid = await servers[1].must(["cat", "/var/lib/glusterd/glusterd.info"]);
  await servers[1].destroy();
  expect(await put("gluster/0", "/while-one-is-away", first)).toBe(0);
  servers[1] = await lab.up("gluster/1");
  expect(await servers[1].must(["cat", "/var/lib/glusterd/glusterd.info"])).toBe(uuid);
  await look(servers[0]);
  await whole(servers[0], 90);
  expect(await servers[1].must(["cat", `${BRICK}/while-one-is-away`])).toBe(first);
  expect(await filesOnBrick(servers[1])).toEqual(await filesOnBrick(servers[0]));
});

test("a new server with an empty disk takes the old one's place, and gets every file back", async () => {
  await servers[0].must(["sh", "-ec", TREE]);
  const uuid = await servers[2].must(["grep", "UUID", "/var/lib/glusterd/glusterd.info"]);
  const before = await filesOnBrick(servers[2]);
  expect(before.size).toBeGreaterThan(60);
  await servers[2].destroy();
  const { loop } = await lab.brick("gluster/2");
  await host(["wipefs", "--all", "--quiet", loop]);
  expect(await put("gluster/0", "/while-a-disk-is-lost", first)).toBe(0);
  servers[2] = await lab.up("gluster/2");
  await until("full brick", 180, async () => {
    await look(servers[2]);
    return (await servers[2].journal(UNIT)).includes(`${BRICK} is full again`) ? true : undefined;
  });
  expect(await servers[2].must(["grep", "UUID", "/var/lib/glusterd/glusterd.info"])).toBe(uuid);
  for (const each of servers) await whole(each, 60);
  const after = await filesOnBrick(servers[2]);
  expect(after).toEqual(await filesOnBrick(servers[0]));
  for (const [path, sum] of before) expect(after.get(path)).toBe(sum);
  expect(after.has("./while-a-disk-is-lost")).toBe(true);
  await serving("gluster/2", 90);
  await until("data through the new server", 60, async () =>
    (await get("gluster/2", "/first")) === first ? true : undefined,
  );
});
/** Files in folders, written through the volume. */
const TREE = `mkdir -p /tmp/shared && mount -t glusterfs localhost:/shared /tmp/shared
for folder in a a/b a/b/c; do
  mkdir -p /tmp/shared/tree/$folder
  for file in $(seq 20); do head -c 20000 /dev/urandom > /tmp/shared/tree/$folder/$file; done
done
umount /tmp/shared`;

test("a brick is replaced once", async () => {
  const resets = async () => (await servers[2].run(["grep", "-c", "reset-brick", LOG])).stdout;
  const before = await resets();
  expect(Number(before)).toBeGreaterThan(0);
  await look(servers[2]);
  expect(await resets()).toBe(before);
});

test("a replacement that was cut short goes on, and harms nothing that is there", async () => {
  const before = await filesOnBrick(servers[2]);
  const mark = "/var/lib/glusterd/labstead-unfilled/brick";
  await servers[2].must(["sh", "-c", `echo begun > ${mark}`]);
  await until("full brick again", 120, async () => {
    await look(servers[2]);
    return (await servers[2].run(["test", "-e", mark])).code === 0 ? undefined : true;
  });
  await whole(servers[0], 60);
  expect(await filesOnBrick(servers[2])).toEqual(before);
});

/** What is put in place of the mark by which a brick is known. */
const STRANGE = [
  ["another volume's", "setfattr -n trusted.glusterfs.volume-id -v 0x00112233445566778899aabbccddeeff"],
  ["no brick's", "setfattr -x trusted.glusterfs.volume-id"],
] as const;

test.each(STRANGE)("a disk with %s files is left as it is, and reported", async (_, change) => {
  const id = /volume-id=(0x[0-9a-f]+)/.exec(
    await servers[2].must(["getfattr", "--absolute-names", "-e", "hex", "-d", "-m", "volume-id", BRICK]),
  )?.[1];
  for (const each of servers) await each.must(["systemctl", "stop", "labstead-gluster.timer"]);
  await servers[2].must(["sh", "-c", `pkill -KILL -x glusterfsd; ${change} ${BRICK}`]);
  const before = await filesOnBrick(servers[2]);
  const after = await servers[2].journal(UNIT);
  expect((await servers[2].run(["systemctl", "start", UNIT])).code).not.toBe(0);
  await servers[2].said(UNIT, "nothing was changed. Attach the brick's own volume, or an empty one", {
    after,
  });
  expect(await filesOnBrick(servers[2])).toEqual(before);
  await servers[2].must(["setfattr", "-n", "trusted.glusterfs.volume-id", "-v", id ?? "", BRICK]);
  await look(servers[0]);
  await whole(servers[0], 60);
});

test("when the server that clients mount from ends, another one has its address and the files", async () => {
  const vip = lab.planned.plan.vips.find(({ key }) => key === STORAGE_VIP);
  if (vip?.address.kind !== "planned") throw new Error("the plan has no address for the storage");
  const { ip } = vip.address;
  await lab.lab.network.outside(["ip", "route", "replace", `${ip}/32`, "dev", "lan", "src", NODE]);
  const through = async (path: string) => (await nfs(lab.lab.network, [ip, "/shared", "get", path])).stdout;
  const holders = async () => {
    const reported = await Promise.all(
      servers.map(
        async (each) => each.runs && (await each.run(["ip", "-4", "addr"])).stdout.includes(`${ip}/`),
      ),
    );
    return KEYS.filter((_, index) => reported[index]);
  };
  const [holder] = await until("one holder", 60, async () => {
    const found = await holders();
    return found.length === 1 ? found : undefined;
  });
  expect(await through("/first")).toBe(first);
  const index = KEYS.findIndex((key) => key === holder);
  const machine = servers[index];
  if (machine === undefined) throw new Error("nobody holds the address");
  await machine.kill();
  const began = Date.now();
  await until("answer at the address", 30, async () =>
    (await outside.connects(NODE, ip, 2049)) ? true : undefined,
  );
  const taken = (Date.now() - began) / 1000;
  expect(taken).toBeLessThan(10);
  // A client of the lost brick's server waits for it as long as network.ping-timeout says.
  await until("files at the address", 60, async () =>
    (await through("/first")) === first ? true : undefined,
  );
  expect((Date.now() - began) / 1000).toBeLessThan(45);
  expect(await holders()).toHaveLength(1);
  await machine.start();
  await until("whole again", 120, async () => {
    await look(machine);
    return (await machine.run(["/usr/local/lib/labstead/gluster/status.sh"])).code === 0 ? true : undefined;
  });
  expect(await holders()).not.toContain(holder);
});

test("a Ganesha that hangs loses the address, though its port still takes connections", async () => {
  const answers = (machine: Machine) =>
    machine.run(["timeout", "3", "/usr/local/lib/labstead/gluster/nfs-answers.sh"]);
  await until("NFS here", 60, async () => ((await answers(servers[0])).code === 0 ? true : undefined));
  await servers[0].must(["pkill", "-STOP", "-x", "ganesha.nfsd"]);
  expect((await answers(servers[0])).code).not.toBe(0);
  await servers[0].must(["pkill", "-CONT", "-x", "ganesha.nfsd"]);
  expect((await answers(servers[0])).code).toBe(0);
});
