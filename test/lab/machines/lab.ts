/** Several machines in one network, and all that has to be cleaned up after them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLeft, uniqueName } from "../host/names";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { attempt } from "./host";
import { Machine, type MachineOptions } from "./machine";
import { MachineNetwork } from "./network";
import { rootFilesystem } from "./root-filesystem";
import { closeVolume, openVolume, type TestVolume } from "./volumes";

runs("cut", "ip", "kill", "losetup", "pgrep", "sh", "umount", "xargs");

/** Of the names of folders and network namespaces. */
const KIND = "machines";

export class MachineLab {
  private constructor(
    private readonly undo: Undo,
    readonly network: MachineNetwork,
    private readonly gateway: string,
    private readonly folder: string,
    private readonly rootFolder: string,
  ) {}

  /**
   * @param gateway the subnet's gateway with prefix length: `192.168.3.1/24`
   * @param root folder of another root file system. @default the shared one
   */
  static open(gateway: string, root?: string): Promise<MachineLab> {
    return Undo.guard(async (undo) => {
      await sweep();
      allowWatches();
      const rootFolder = root ?? (await rootFilesystem());
      const folder = undo.folder(KIND);
      const network = await MachineNetwork.open(undo, uniqueName(KIND), gateway);
      return new MachineLab(undo, network, gateway.replace(/\/.*/, ""), folder, rootFolder);
    });
  }

  /** Boots a machine and waits until cloud-init is through. */
  async boot(options: Omit<MachineOptions, "gateway">): Promise<Machine> {
    const machine = await this.make(options);
    await machine.start();
    return machine;
  }

  /** Makes a machine that does not run yet. */
  async make(options: Omit<MachineOptions, "gateway">): Promise<Machine> {
    const id = uniqueName("machine");
    const folder = join(this.folder, id);
    mkdirSync(folder);
    const machine = new Machine({ ...options, gateway: this.gateway }, id, folder, this.network);
    this.undo.later(() => machine.destroy());
    await machine.create(this.rootFolder);
    return machine;
  }

  /** A volume that outlives machines, not the lab. */
  async volume(id: string, mebibytes: number): Promise<TestVolume> {
    const volume = await openVolume(this.folder, id, mebibytes);
    this.undo.later(() => closeVolume(volume));
    return volume;
  }

  close(): Promise<void> {
    return this.undo.close();
  }
}

/** systemd of each machine watches files by a dozen of these, and all machines count as one user. */
const WATCHES = { file: "/proc/sys/fs/inotify/max_user_instances", needed: 1024 } as const;

/** Raised for all that come, and left so: other runs may have machines that need it. */
function allowWatches(): void {
  if (Number(readFileSync(WATCHES.file, "utf8")) < WATCHES.needed)
    writeFileSync(WATCHES.file, String(WATCHES.needed));
}

/** Removes what a run left that was killed: its folders, mounts and namespaces carry its process id. */
async function sweep(): Promise<void> {
  const namespaces = existsSync("/run/netns") ? readdirSync("/run/netns") : [];
  for (const name of namespaces.filter(isOurs)) await attempt(["ip", "netns", "delete", name]);
  for (const name of readdirSync(tmpdir()).filter(isOurs)) {
    const folder = join(tmpdir(), name);
    await endMachines(folder);
    await attempt(["sh", "-c", 'for m in "$1"/*/root; do umount -R "$m"; done', "sh", folder]);
    await attempt([
      "sh",
      "-c",
      'for i in "$1"/volume-*.img; do losetup -j "$i" | cut -d: -f1; done | xargs -r losetup -d',
      "sh",
      folder,
    ]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A machine that outlived its test run is known by its folder, which stands in the command line of its nspawn. */
async function endMachines(folder: string): Promise<void> {
  const found = await attempt(["pgrep", "-f", `^systemd-nspawn .*--directory=${folder}/`]);
  for (const pid of found.stdout.split("\n").filter(Boolean)) {
    const first = await attempt(["pgrep", "-P", pid]);
    for (const child of first.stdout.split("\n").filter(Boolean)) await attempt(["kill", "-KILL", child]);
  }
  await new Promise((resolve) => setTimeout(resolve, found.stdout === "" ? 0 : 1000));
}

function isOurs(name: string): boolean {
  return isLeft(KIND, name);
}
