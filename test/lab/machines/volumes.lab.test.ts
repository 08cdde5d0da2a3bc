/**
 * A volume of a server: formatted once, kept over the end of its server, and never taken from others. Not covered here:
 * growing a mounted file system, which needs a right over resources that the kernel may keep from containers.
 */
import { runs } from "../host/programs";
import { setUp } from "../host/undo";
import { host, until } from "./host";
import { MachineLab } from "./lab";
import type { Machine } from "./machine";
import { bakedPlan, PlannedMachines } from "./planned-machines";

runs("blkid", "losetup", "mkfs.xfs", "sfdisk", "sha256sum", "truncate");

const KEY = "applicationServers/monitoring";
const DATA = "/var/lib/prometheus";

let planned: PlannedMachines;
let machine: Machine;

setUp(async (undo) => {
  const plan = bakedPlan("examples/ska.yaml", "ska");
  const lab = undo.use(await MachineLab.open(`${plan.network.gatewayIp}/22`));
  planned = new PlannedMachines(lab, plan);
});
afterEach(async () => {
  await machine.destroy();
});

/** What is mounted there when the volume's unit is through. */
async function mounted(machine: Machine, volume: string, mountPoint: string): Promise<string> {
  const unit = `labstead-volume@${volume}.service`;
  await until(unit, 30, async () => ((await isActive(machine, unit)) === "active" ? true : undefined));
  return machine.must(["findmnt", "--noheadings", "--output", "SOURCE,FSTYPE", mountPoint]);
}

const isActive = async (machine: Machine, unit: string): Promise<string> =>
  (await machine.run(["systemctl", "is-active", unit])).stdout.trim();

test("an empty volume is formatted and mounted at its mount point", async () => {
  machine = await planned.boot(KEY);
  expect(await mounted(machine, "data", DATA)).toMatch(/\/virtio-\S+ +ext4\n$/);
  await machine.must(["sh", "-c", `echo kept > ${DATA}/proof && sync`]);
});

test("a new server takes the volume with its data and formats nothing", async () => {
  const volume = planned.volume(`${KEY}/data`);
  const before = await host(["blkid", "-p", "-o", "value", "-s", "UUID", volume.loop]);
  machine = await planned.boot(KEY);
  await mounted(machine, "data", DATA);
  expect(await machine.must(["cat", `${DATA}/proof`])).toBe("kept\n");
  expect(await host(["blkid", "-p", "-o", "value", "-s", "UUID", volume.loop])).toBe(before);
  await machine.stop();
  await machine.start();
  await mounted(machine, "data", DATA);
  expect(await machine.must(["cat", `${DATA}/proof`])).toBe("kept\n");
});

test.each([
  ["another file system", ["mkfs.xfs", "-q", "-f"], 320, /holds xfs, not ext4; nothing was changed/],
  ["a partition table", ["sfdisk", "--quiet"], 64, /holds (dos|gpt), not ext4; nothing was changed/],
])("a volume with %s is refused and left as it is", async (_, make, mebibytes, message) => {
  const volume = planned.volume(`${KEY}/data`);
  await host(["truncate", "--size=0", volume.file]);
  await host(["truncate", `--size=${String(mebibytes)}M`, volume.file]);
  await host(["losetup", "--set-capacity", volume.loop]);
  await host([...make, volume.loop], { input: ",,L\n" });
  const before = await host(["sha256sum", volume.loop]);
  machine = await planned.boot(KEY);
  const unit = "labstead-volume@data.service";
  await until("refusal", 30, async () => ((await isActive(machine, unit)) === "failed" ? true : undefined));
  await machine.said(unit, message);
  expect(await host(["sha256sum", volume.loop])).toBe(before);
  // All the rest is not held up by it.
  expect(await isActive(machine, "ssh.service")).toBe("active");
});

test("a server waits for a volume that is attached late", async () => {
  const volume = planned.volume(`${KEY}/data`);
  await host(["truncate", "--size=0", volume.file]);
  await host(["truncate", "--size=64M", volume.file]);
  await host(["losetup", "--set-capacity", volume.loop]);
  machine = await planned.boot(KEY, { volumes: [] });
  expect(await isActive(machine, "labstead-volume@data.service")).toBe("activating");
  expect(await isActive(machine, "ssh.service")).toBe("active");
  await machine.attach(volume);
  await mounted(machine, "data", DATA);
});
