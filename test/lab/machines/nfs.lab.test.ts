/**
 * The kernel's NFS server of a plan, booted from its user data, as far as it goes on these machines: its volume, its
 * exports by exportfs' own reading, its unit. Not covered: the server itself and a client of it. A container has no
 * kernel of its own, and this one may have no nfsd; the unit then says so, and so does the server's check.
 */
import { existsSync } from "node:fs";
import { setUp } from "../host/undo";
import { until } from "./host";
import { MachineLab } from "./lab";
import type { Machine } from "./machine";
import { bakedPlan, PlannedMachines } from "./planned-machines";

const KEY = "nfs/0";
const EXPORTS = "/etc/exports.d/labstead.exports";
const CHECK = "/usr/local/lib/labstead/check-exports";

let planned: PlannedMachines;
let machine: Machine;

setUp(async (undo) => {
  const plan = bakedPlan("examples/ska.yaml", "ska");
  const lab = undo.use(await MachineLab.open(`${plan.network.gatewayIp}/22`));
  planned = new PlannedMachines(lab, plan);
  machine = await planned.boot(KEY);
});

test("without its pushed exports the server waits", async () => {
  expect((await machine.run(["systemctl", "is-active", "nfs-server.service"])).code).not.toBe(0);
  expect((await machine.run(["exportfs", "-s"])).stdout).toBe("");
});

test("exports are checked before they are in place, and change nothing while they are looked at", async () => {
  const table = await machine.must(["sh", "-c", "cat /var/lib/nfs/etab 2>/dev/null || true"]);
  await planned.push(KEY, machine);
  expect(await machine.must(["sh", "-c", "cat /var/lib/nfs/etab 2>/dev/null || true"])).toBe(table);
  for (const wrong of ["rw,snyc", "rw,sync,no_such_option", "rw"]) {
    const line = wrong === "rw" ? "/srv/nfs 10.20.0.0/99(rw)" : `/srv/nfs 10.20.0.0/22(${wrong})`;
    await machine.must(["sh", "-c", `echo '${line}' > /run/wrong`]);
    expect((await machine.run([CHECK, "/run/wrong"])).code).not.toBe(0);
  }
  expect(await machine.must(["cat", EXPORTS])).toMatch(/^\/srv\/nfs 10\.20\.0\.0\/22\(/);
});

test("its volume is mounted, and exported to the network, root as nobody", async () => {
  await until("volume", 60, async () =>
    (await machine.run(["mountpoint", "-q", "/srv/nfs"])).code === 0 ? true : undefined,
  );
  await machine.must(["exportfs", "-r"]);
  const exported = await machine.must(["exportfs", "-s"]);
  expect(exported).toMatch(
    /^\/srv\/nfs +10\.20\.0\.0\/22\((?=.*\bsync\b)(?=.*\broot_squash\b)(?=.*\brw\b).*mountpoint/,
  );
  expect(exported).not.toMatch(/no_root_squash|\*\(/);
});

test("NFSv4 over TCP alone, by nfsd's own reading of its settings", async () => {
  const conf = async (key: string) => (await machine.must(["nfsconf", "--get", "nfsd", key])).trim();
  expect({ vers3: await conf("vers3"), vers4: await conf("vers4"), udp: await conf("udp") }).toEqual({
    vers3: "n",
    vers4: "y",
    udp: "n",
  });
});

test("its unit comes after the volume, and where the kernel has no server its check does not pass", async () => {
  expect((await machine.must(["systemctl", "is-enabled", "nfs-server.service"])).trim()).toBe("enabled");
  const after = await machine.must(["systemctl", "show", "--property=After", "nfs-server.service"]);
  expect(after).toContain("labstead-volume@export.service");
  const check = planned.configs.get(KEY)?.checks.find(({ name }) => name === "nfs");
  await machine.run(["systemctl", "start", "nfs-server.service"]);
  const { code } = await machine.run(check?.run ?? ["false"]);
  expect(code === 0).toBe(existsSync("/proc/fs/nfsd/threads"));
});
