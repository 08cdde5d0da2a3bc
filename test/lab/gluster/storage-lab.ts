/**
 * The shared storage servers of a plan as test machines: booted from the plan's own user data, with the plan's files
 * pushed and bricks on volumes that outlive them. Gluster mounts a file system of its own to set limits, so a machine
 * needs the host's FUSE.
 */
import { join } from "node:path";
import { loads, runs } from "../host/programs";
import { Undo } from "../host/undo";
import { MachineLab } from "../machines/lab";
import { attempt, type Finished, until } from "../machines/host";
import type { Machine, MachineOptions } from "../machines/machine";
import type { MachineNetwork } from "../machines/network";
import type { TestVolume } from "../machines/volumes";
import { addressOf, PlannedMachines } from "../machines/planned-machines";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { glusterRootFilesystem } from "./root-filesystem";

runs("ip", "python3", "timeout");
// Of the NFS client.
loads("libnfs13");

/** MiB; XFS takes no less than 300. */
const BRICK = 640;
const BRICKS = "/srv/gluster/brick/data";
const STATUS = "/usr/local/lib/labstead/gluster/status.sh";

export class StorageLab {
  private readonly bricks = new Map<string, TestVolume>();

  private constructor(
    private readonly undo: Undo,
    readonly lab: MachineLab,
    readonly planned: PlannedMachines,
  ) {}

  static open(plan: EnvironmentPlan): Promise<StorageLab> {
    return Undo.guard(async (undo) => {
      const prefix = plan.network.cidr.replace(/.*\//, "");
      const root = await glusterRootFilesystem();
      const lab = undo.use(await MachineLab.open(`${plan.network.gatewayIp}/${prefix}`, root));
      return new StorageLab(undo, lab, new PlannedMachines(lab, plan));
    });
  }

  /** Boots a server with its brick and pushes its files. */
  async up(key: string): Promise<Machine> {
    const options: Partial<MachineOptions> = {
      volumes: [await this.brick(key)],
      nspawn: ["--capability=all", "--bind=/dev/fuse"],
      environment: { SYSTEMD_SECCOMP: "0" },
    };
    return this.planned.up(key, options);
  }

  /** The volume of a server's brick, made once. */
  async brick(key: string): Promise<TestVolume> {
    const known = this.bricks.get(key);
    if (known !== undefined) return known;
    const id = this.planned.bound(`((labstead:output:volume/${key}/brick/id))`);
    const made = await this.lab.volume(id, BRICK);
    this.bricks.set(key, made);
    return made;
  }

  address(key: string): string {
    return addressOf(this.planned.server(key));
  }

  /** Lets what is outside come to a server from one of its addresses. */
  async from(source: string, key: string): Promise<void> {
    const route = ["ip", "route", "replace", `${this.address(key)}/32`, "dev", "lan", "src", source];
    const { code, stderr } = await this.lab.network.outside(route);
    if (code !== 0) throw new Error(stderr);
  }

  close(): Promise<void> {
    return this.undo.close();
  }
}

/** Lets a server look at the pool now, instead of within half a minute. */
export async function look(machine: Machine): Promise<string> {
  const { stderr } = await machine.run(["systemctl", "start", "labstead-gluster.service"]);
  return stderr;
}

/** Until the volume is whole, as its own status says. @throws Error with what it says last */
export async function whole(machine: Machine, seconds: number): Promise<void> {
  let said = "";
  await until("whole volume", seconds, async () => {
    const { code, stdout, stderr } = await machine.run([STATUS]);
    said = `${stdout}${stderr}`;
    return code === 0 ? true : undefined;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${said}`);
  });
}

/** SHA-256 of every file on a server's brick, by path; what Gluster keeps there for itself left out. */
export async function filesOnBrick(machine: Machine): Promise<ReadonlyMap<string, string>> {
  const files = `find . -path ./.glusterfs -prune -o -type f -print0 | xargs -0 --no-run-if-empty sha256sum`;
  const reported = await machine.must(["sh", "-c", `cd ${BRICKS} && ${files}`]);
  const pairs = reported
    .split("\n")
    .filter(Boolean)
    .map((line) => [line.slice(66), line.slice(0, 64)] as const);
  return new Map(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** A client of NFSv4 in user space, outside the machines; a request that is not answered ends after 30 seconds. */
export function nfs(network: MachineNetwork, argv: readonly string[], input = ""): Promise<Finished> {
  const client = ["timeout", "30", "python3", join(__dirname, "nfs-client.py"), ...argv];
  return attempt([...network.enter, ...client], { input });
}
