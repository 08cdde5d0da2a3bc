/** One test machine: a systemd-nspawn container over the shared root file system, configured by its user data. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runs } from "../host/programs";
import { makeCgroups, removeCgroups } from "./cgroups";
import { attempt, host, until, type Finished, type HostOptions } from "./host";
import type { MachineNetwork } from "./network";
import type { TestVolume } from "./volumes";

export interface MachineOptions {
  /** Host name. */
  readonly name: string;
  /** Address in the subnet, with prefix length: `192.168.3.10/24`. */
  readonly address: string;
  readonly gateway: string;
  /** As the plan renders it, with its named values bound; bytes where it is compressed. */
  readonly userData: string | Buffer;
  /** Attached a moment after the boot began, as Nova does it. @default none */
  readonly volumes?: readonly TestVolume[];
  /** Further arguments of systemd-nspawn: capabilities, binds. @default none */
  readonly nspawn?: readonly string[];
  /** Further environment of systemd-nspawn. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Puts more into the root folder before the first boot. @default nothing */
  readonly prepare?: (root: string) => void;
}

runs("env", "kill", "mount", "mountpoint", "nsenter", "pgrep", "sh", "systemd-nspawn", "umount");

const SECONDS_TO_BOOT = 120;
/** Nova gives a server as long (`shutdown_timeout`), and then takes its power; a busy machine gets more here. */
const SECONDS_TO_STOP = 60;

export class Machine {
  private process: number | undefined;
  private leader: number | undefined;
  private entered = false;
  private readonly root: string;

  constructor(
    private readonly options: MachineOptions,
    /** A name that no other machine of this host has. */
    private readonly id: string,
    private readonly folder: string,
    private readonly network: MachineNetwork,
  ) {
    this.root = join(folder, "root");
  }

  get name(): string {
    return this.options.name;
  }

  /** It has begun to boot: programs can be run on it, volumes attached. */
  get runs(): boolean {
    return this.entered;
  }

  /** Lays an overlay over the shared root file system; with it a seed, as a config drive brings it. */
  async create(lower: string): Promise<void> {
    const [upper, work] = [join(this.folder, "upper"), join(this.folder, "work")];
    for (const each of [upper, work, this.root]) mkdirSync(each, { recursive: true });
    const layers = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    await host(["mount", "-t", "overlay", "overlay", "-o", layers, this.root]);
    this.seed();
    this.options.prepare?.(this.root);
  }

  private seed(): void {
    const { name, address, gateway, userData } = this.options;
    const nic = { addresses: [address], routes: [{ to: "default", via: gateway }] };
    const files: Readonly<Record<string, string | Buffer>> = {
      "meta-data": JSON.stringify({ "instance-id": `${name}-${String(Date.now())}`, "local-hostname": name }),
      "network-config": JSON.stringify({ version: 2, ethernets: { host0: nic } }),
      "user-data": userData,
    };
    for (const [file, text] of Object.entries(files))
      this.write(join("/var/lib/cloud/seed/nocloud", file), text);
  }

  /** Boots, first or again, and waits until cloud-init is through. @throws Error with the end of its log */
  async start(): Promise<void> {
    this.launch();
    this.leader = await until(`${this.name}: first process`, SECONDS_TO_BOOT, () => this.findLeader());
    this.entered = true;
    for (const volume of this.options.volumes ?? []) await this.attach(volume);
    const done = await this.run(["cloud-init", "status", "--wait", "--long"]);
    if (done.code === 0) return;
    const log = await this.run(["tail", "-n", "40", "/var/log/cloud-init-output.log"]);
    throw new Error(
      `${this.name}: cloud-init: ${done.stdout}${done.stderr}\n${log.stdout}\n${this.console()}`,
    );
  }

  private launch(): void {
    const { nspawn = [], environment = {} } = this.options;
    const groups = makeCgroups(this.id);
    const enter = 'for group in $GROUPS_OF_MACHINE; do echo $$ > "$group"; done; exec "$@"';
    const container = [
      ...["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--console=read-only"],
      ...[`--directory=${this.root}`, `--machine=${this.id}`, `--network-bridge=${this.network.bridge}`],
      ...["--link-journal=no", "--resolv-conf=off", "--timezone=off", ...nspawn],
    ];
    const log = openSync(join(this.folder, "console.log"), "a");
    const child = spawn("sh", ["-c", enter, "sh", ...this.network.enter, ...container], {
      detached: true,
      stdio: ["ignore", log, log],
      env: { PATH: process.env["PATH"], GROUPS_OF_MACHINE: groups.join(" "), ...environment },
    });
    closeSync(log);
    child.unref();
    this.process = child.pid;
  }

  private async findLeader(): Promise<number | undefined> {
    const parent = String(this.process);
    if (!existsSync(`/proc/${parent}`)) throw new Error(`${this.name} did not start\n${this.console()}`);
    const children = await attempt(["pgrep", "-P", parent, "systemd"]);
    const leader = Number.parseInt(children.stdout, 10);
    if (Number.isNaN(leader)) return undefined;
    this.leader = leader;
    // Its root is the host's until nspawn has moved it.
    return (await this.run(["test", "-d", "/run/systemd/system"])).code === 0 ? leader : undefined;
  }

  /** Runs a program on the machine, as root, to its end. */
  run(argv: readonly string[], options: HostOptions = {}): Promise<Finished> {
    const clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", ...argv];
    return attempt(["nsenter", "-t", String(this.leader), "-a", "--", ...clean], options);
  }

  /** Runs a program that has to succeed, and gives what it printed. @throws Error with what it printed */
  async must(argv: readonly string[], options: HostOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(argv, options);
    if (code === 0) return stdout;
    throw new Error(`${this.name}: ${argv.join(" ")}: exit code ${String(code)}\n${stdout}${stderr}`);
  }

  /** Everything that a program has logged by now, in whatever unit: sshd's sessions are in scopes of their own. */
  async logged(program: string): Promise<string> {
    return (await this.run(["journalctl", "--quiet", `_COMM=${program}`, "--output", "cat"])).stdout;
  }

  /** All that a unit has said by now; to wait for something there is {@link said}. */
  async journal(unit: string): Promise<string> {
    return (await this.run(["journalctl", "--quiet", "--unit", unit, "--output", "cat"])).stdout;
  }

  /**
   * Waits until a unit has said something: its state is known to systemd before its last words are in the journal.
   * @param options `after`: what it had said before, which does not count; `seconds` to wait. @default 30
   * @throws Error with what it said instead
   */
  async said(unit: string, what: string | RegExp, { after = "", seconds = 30 } = {}): Promise<void> {
    let said = "";
    await until(`${this.name}: ${unit} says ${String(what)}`, seconds, async () => {
      said = (await this.journal(unit)).slice(after.length);
      return (typeof what === "string" ? said.includes(what) : what.test(said)) ? true : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${said.split("\n").slice(-20).join("\n")}`);
    });
  }

  /** Shows a volume as KVM's virtio disk does: by the first 20 characters of its id. */
  async attach({ id, loop }: TestVolume): Promise<void> {
    const disks = "/dev/disk/by-id";
    const disk = `${disks}/virtio-${id.slice(0, 20)}`;
    const minor = loop.replace("/dev/loop", "");
    const script = `mkdir -p ${disks} && rm -f ${disk} && mknod ${disk} b 7 ${minor}`;
    await this.must(["sh", "-c", script]);
  }

  /** Writes a file of the machine whether it runs or not. */
  write(path: string, text: string | Buffer, mode = 0o644): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** The end of what it printed while booting. */
  console(): string {
    const file = join(this.folder, "console.log");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(-30).join("\n") : "";
  }

  /** Shuts it down as its power button does: by logind, which lets programs delay it. It can be started again. */
  async stop(): Promise<void> {
    if (this.leader !== undefined) await this.run(["systemctl", "poweroff"]);
    await this.ended(SECONDS_TO_STOP).catch(() => this.kill());
  }

  /** Takes the power away. */
  async kill(): Promise<void> {
    // The end of the first process of a process namespace is the end of all.
    if (this.leader !== undefined) await attempt(["kill", "-KILL", String(this.leader)]);
    else if (this.process !== undefined) await attempt(["kill", "-KILL", String(this.process)]);
    await this.ended(SECONDS_TO_STOP);
  }

  private async ended(seconds: number): Promise<void> {
    const pid = this.process;
    if (pid === undefined) return;
    await until(`${this.name}: end`, seconds, () => (isRunning(pid) ? undefined : true));
    this.process = undefined;
    this.leader = undefined;
    this.entered = false;
    removeCgroups(this.id);
  }

  /** Ends it and removes all that was its own; volumes stay. */
  async destroy(): Promise<void> {
    if (this.process !== undefined) await this.kill();
    await attempt(["umount", "--recursive", this.root]);
    if ((await attempt(["mountpoint", "-q", this.root])).code === 0) {
      throw new Error(`${this.name}: ${this.root} is still mounted`);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A process that has ended and was not waited for is a zombie: it has ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
}
