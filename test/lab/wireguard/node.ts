/** A computer of its own as far as networks go: namespaces for interfaces, mounts and processes, which end together. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { attempt, host, until, type Finished, type HostOptions } from "../machines/host";
import type { Listener } from "../machines/backend";

runs("cat", "curl", "dirname", "ip", "mkdir", "mount", "nsenter", "sh", "sleep", "unshare");

const BACKEND = join(__dirname, "../machines/backend.ts");
/** Folders that programs of two computers would share. */
const OWN = ["/run", "/etc/wireguard"];

export class Node {
  private constructor(
    private readonly undo: Undo,
    readonly name: string,
    /** Of the first process inside. */
    readonly pid: number,
  ) {}

  static open(name: string): Promise<Node> {
    return Undo.guard(async (undo) => {
      const own = ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];
      const holder = spawn("unshare", [...own, "sleep", "infinity"], { stdio: "ignore" });
      undo.later(() => holder.kill("SIGKILL"));
      const children = `/proc/${String(holder.pid)}/task/${String(holder.pid)}/children`;
      const pid = await until(`namespaces of ${name}`, 10, () => {
        const [first = ""] = readFileSync(children, "utf8").split(" ");
        return first === "" ? undefined : Number(first);
      });
      const node = new Node(undo, name, pid);
      // The folder of the distribution's package may be missing where nothing ever used it.
      await host(["mkdir", "-p", ...OWN]);
      for (const folder of OWN) await node.host(["mount", "-t", "tmpfs", "tmpfs", folder]);
      await node.host(["ip", "link", "set", "lo", "up"]);
      return node;
    });
  }

  /** Joins this interface with the other's, and gives each its addresses. */
  async wire(
    own: string,
    addresses: readonly string[],
    other: Node,
    theirs: string,
    theirAddresses: readonly string[],
  ): Promise<void> {
    await host([
      ...["ip", "link", "add", own, "netns", String(this.pid)],
      ...["type", "veth", "peer", "name", theirs, "netns", String(other.pid)],
    ]);
    await this.lift(own, addresses);
    await other.lift(theirs, theirAddresses);
  }

  private async lift(link: string, addresses: readonly string[]): Promise<void> {
    for (const address of addresses) await this.host(["ip", "address", "add", address, "dev", link]);
    await this.host(["ip", "link", "set", link, "up"]);
  }

  attempt(argv: readonly string[], options: HostOptions = {}): Promise<Finished> {
    return attempt([...this.enter, ...argv], options);
  }

  host(argv: readonly string[], options: HostOptions = {}): Promise<string> {
    return host([...this.enter, ...argv], options);
  }

  async write(path: string, content: string): Promise<void> {
    await this.host(["sh", "-c", 'mkdir -p "$(dirname "$1")" && umask 077 && cat > "$1"', "sh", path], {
      input: content,
    });
  }

  /** Answers until the end. */
  async serve(listeners: readonly Listener[]): Promise<void> {
    const [program, ...enter] = this.enter;
    // By its path: who enters the namespaces stands in the root folder.
    const tsx = pathToFileURL(require.resolve("tsx")).href;
    const server = [process.execPath, "--import", tsx, BACKEND, JSON.stringify(listeners)];
    const child = spawn(program, [...enter, ...server], { stdio: "ignore" });
    this.undo.later(() => child.kill("SIGKILL"));
    for (const { address, port } of listeners)
      await until(`${this.name} at port ${String(port)}`, 30, async () =>
        (await this.get(address, port)) === undefined ? undefined : true,
      );
  }

  /** What answers there, or undefined when nothing does in time. */
  async get(address: string, port: number): Promise<string | undefined> {
    const url = `http://${address}:${String(port)}/`;
    const { code, stdout } = await this.attempt([
      "curl",
      "--silent",
      "--noproxy",
      "*",
      "--max-time",
      "2",
      url,
    ]);
    return code === 0 ? stdout : undefined;
  }

  close(): Promise<void> {
    return this.undo.close();
  }

  private get enter(): [program: string, ...args: string[]] {
    return ["nsenter", `--target=${String(this.pid)}`, "--net", "--mount", "--pid", "--"];
  }
}
