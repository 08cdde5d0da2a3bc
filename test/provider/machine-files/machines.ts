/** Machines for tests: real sshd processes on loopback with keys of their own, and a systemctl that notes what it is asked. */
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { runs } from "../../lab/host/programs";
import { inScratch, Undo } from "../../lab/host/undo";
import type { PropertyMap } from "../../../provider-protocol";

// What a machine's agent is sent to is Python.
runs("id", "mount", "ps", "python3", "sh", "ssh-keygen", "sshd", "unshare");

const SSHD = "/usr/sbin/sshd";

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function keyPair(folder: string, name: string): KeyPair {
  const file = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  return {
    privateKey: readFileSync(file, "utf8"),
    publicKey: readFileSync(`${file}.pub`, "utf8").trim(),
  };
}

/** A key pair that is in no test's machine. */
export function strangeKey(): KeyPair {
  return inScratch("key", (folder) => keyPair(folder, "key"));
}

const USER = userInfo();
export const OWNER = `${USER.username}:${execFileSync("id", ["-gn"]).toString().trim()}`;

/** Answers as systemd would for the units in a folder, and notes each question with its time in nanoseconds. */
const SYSTEMCTL = `#!/bin/sh
here=$(dirname "$0")/..
verb=$1; unit=; for word in "$@"; do unit=$word; done
case $verb in
  is-active) [ -e "$here/units/$unit" ]; exit;;
  is-failed) [ -e "$here/failed/$unit" ]; exit;;
esac
echo "$(date +%s%N) $verb $unit" >> "$here/log"
[ ! -e "$here/slow" ] || sleep "$(cat "$here/slow")"
case $verb in
  stop) rm -f "$here/units/$unit";;
  reset-failed) rm -f "$here/failed/$unit";;
  start|restart|reload-or-restart)
    if [ -e "$here/broken" ] && ! grep -q good "$(cat "$here/broken")"; then
      echo "Job for $unit failed: it says token-of-the-lab" >&2; exit 1
    fi
    mkdir -p "$here/units"; touch "$here/units/$unit";;
esac
`;

/** One sshd; what belongs to the machine lies in its folder. */
export class TestMachine {
  readonly folder: string;
  readonly hostKey: KeyPair;
  #process: ChildProcess | undefined;

  private constructor(
    private readonly undo: Undo,
    root: string,
    readonly name: string,
    readonly port: number,
    private readonly client: KeyPair,
    private readonly isolated: boolean,
  ) {
    this.folder = join(root, name);
    for (const each of ["bin", "units", "failed", "etc"])
      mkdirSync(join(this.folder, each), { recursive: true });
    this.hostKey = keyPair(this.folder, "host_key");
    writeFileSync(join(this.folder, "bin/systemctl"), SYSTEMCTL);
    chmodSync(join(this.folder, "bin/systemctl"), 0o755);
    this.allow(client.publicKey);
    writeFileSync(join(this.folder, "sshd_config"), this.#config());
  }

  /** @param isolated with an empty /var/lib of its own; needs root */
  static boot(root: string, name: string, client: KeyPair, isolated = false): Promise<TestMachine> {
    return Undo.guard(async (undo) => {
      const machine = new TestMachine(undo, root, name, await freePort(), client, isolated);
      await machine.start();
      return machine;
    });
  }

  close(): Promise<void> {
    return this.undo.close();
  }

  /** Lets one key in, and no other. */
  allow(publicKey: string): void {
    writeFileSync(join(this.folder, "authorized_keys"), `${publicKey}\n`);
  }

  #config(): string {
    return [
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${this.folder}/host_key`,
      `AuthorizedKeysFile ${this.folder}/authorized_keys`,
      `PidFile ${this.folder}/pid`,
      "StrictModes no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin prohibit-password",
      "UsePAM no",
      "LogLevel VERBOSE",
      `SetEnv PATH=${this.folder}/bin:/usr/bin:/bin`,
      "",
    ].join("\n");
  }

  async start(): Promise<void> {
    if (USER.uid === 0) mkdirSync("/run/sshd", { recursive: true });
    const log = join(this.folder, "sshd.log");
    const server = [SSHD, "-D", "-f", join(this.folder, "sshd_config"), "-E", log];
    const alone = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /var/lib && exec "$@"', "sh"];
    const [program = SSHD, ...words] = this.isolated ? [...alone, ...server] : server;
    this.#process = spawn(program, words, { stdio: "ignore" });
    this.undo.later(() => this.stop());
    for (let tries = 0; !existsSync(join(this.folder, "pid")); tries++) {
      if (tries > 200) throw new Error(`sshd does not start: ${readFileSync(log, "utf8")}`);
      await pause(25);
    }
  }

  /** Ends the server and every connection to it; programs that it started go on. */
  async stop(): Promise<void> {
    const running = this.#process;
    if (running?.pid === undefined || running.exitCode !== null) return;
    for (const child of childrenOf(running.pid)) signal(child);
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    await ended;
    rmSync(join(this.folder, "pid"), { force: true });
  }

  /** Cuts the connections that are open now; new ones are taken. */
  cut(): void {
    const { pid } = this.#process ?? {};
    for (const child of pid === undefined ? [] : childrenOf(pid)) signal(child);
  }

  /** Ids of what runs inside of the connections, agents before all. */
  agents(): readonly number[] {
    const listed = execFileSync("ps", ["-eo", "pid=,args="]).toString().split("\n");
    const own = listed.filter((line) => line.includes("python3 -c import sys, json, types"));
    return own.map((line) => Number(line.trim().split(" ")[0]));
  }

  path(...names: readonly string[]): string {
    return join(this.folder, "etc", ...names);
  }

  read(...names: readonly string[]): string {
    return readFileSync(this.path(...names), "utf8");
  }

  /** What systemctl was asked to do, without times. */
  get asked(): readonly string[] {
    return this.askedWithTimes.map(({ what }) => what);
  }

  get askedWithTimes(): readonly { readonly at: bigint; readonly what: string }[] {
    const file = join(this.folder, "log");
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => ({ at: BigInt(line.split(" ")[0] ?? "0"), what: line.split(" ").slice(1).join(" ") }));
  }

  get endpoint(): { host: string; port: number; user: string; privateKey: string; hostKey: string } {
    return {
      host: "127.0.0.1",
      port: this.port,
      user: USER.username,
      privateKey: this.client.privateKey,
      hostKey: this.hostKey.publicKey,
    };
  }

  /** As an input of the resource. */
  connection(via: PropertyMap = { kind: "direct" }): PropertyMap {
    return { ...this.endpoint, via };
  }
}

function childrenOf(pid: number): readonly number[] {
  const text = execFileSync("ps", ["-eo", "pid=,ppid=,comm="]).toString();
  const rows = text.split("\n").map((line) => line.trim().split(/\s+/));
  const own = rows.filter(([, parent, name]) => Number(parent) === pid && name === "sshd");
  return own.flatMap(([child]) => [...childrenOf(Number(child)), Number(child)]);
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
