/** The shared root file system with a server's files in it, for programs that only look at them: nothing is booted. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { attempt, host, type Finished } from "./host";
import { rootFilesystem } from "./root-filesystem";

runs("chroot", "ip", "mount", "sh", "umount", "unshare");

export class Room {
  private constructor(
    private readonly undo: Undo,
    private readonly root: string,
  ) {}

  static open(): Promise<Room> {
    return Undo.guard(async (undo) => {
      const lower = await rootFilesystem();
      const folder = undo.folder("room");
      const [upper, work, root] = [join(folder, "upper"), join(folder, "work"), join(folder, "root")];
      for (const each of [upper, work, root]) mkdirSync(each);
      const layers = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
      await host(["mount", "-t", "overlay", "overlay", "-o", layers, root]);
      undo.later(() => host(["umount", root]));
      return new Room(undo, root);
    });
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

  close(): Promise<void> {
    return this.undo.close();
  }
}
