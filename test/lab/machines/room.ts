/** The shared root file system with a server's files in it, for programs that only look at them: nothing is booted. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { attempt, host, type Finished } from "./host";
import { rootFilesystem } from "./root-filesystem";

export class Room {
  private constructor(
    private readonly folder: string,
    private readonly root: string,
  ) {}

  static async open(): Promise<Room> {
    const lower = await rootFilesystem();
    const folder = mkdtempSync(join(tmpdir(), "labstead-room-"));
    const [upper, work, root] = ["upper", "work", "root"].map((name) => join(folder, name));
    if (upper === undefined || work === undefined || root === undefined) throw new Error("three folders");
    for (const each of [upper, work, root]) mkdirSync(each);
    const layers = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    await host(["mount", "-t", "overlay", "overlay", "-o", layers, root]);
    return new Room(folder, root);
  }

  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  /** Runs a program inside, in a process namespace of its own and a network with one interface, `lan0`. */
  run(argv: readonly string[]): Promise<Finished> {
    const alone = ["unshare", "--net", "--mount", "--pid", "--fork", `--mount-proc=${this.root}/proc`];
    const wired = 'ip link add lan0 type veth peer name lan1 && exec chroot "$@"';
    const clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"];
    return attempt([...alone, "sh", "-c", wired, "sh", this.root, ...clean, ...argv]);
  }

  async close(): Promise<void> {
    await host(["umount", this.root]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
