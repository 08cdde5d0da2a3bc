/** A small lab on the built-in cloud, whose runs are killed. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type Faults, startCloud } from "../../cli/rehearse/cloud";
import { ROOT } from "./command";
import { World } from "./crash-listing";
import type { Moment, Verb } from "./crash-moments";

/** One or a few of every type that the program makes; no apps. */
export const SMALL_LAB = `config:
  pulumi:disable-default-providers: [kubernetes, labstead, openstack]
  labstead:environment:
    domain: lab.example.org
    image: ubuntu-24.04
    network: { kind: managed, cidr: 10.0.0.0/24, externalNetwork: public }
    keyPair:
      kind: managed
      publicKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4 operator@example.org
    access:
      kind: bastion
      operator: { kind: allowlist, from: [198.51.100.0/24] }
      ssh: { from: [198.51.100.0/24] }
    servers:
      bastion: { flavor: tiny, floatingIp: true }
      controlPlane: { flavor: medium, min: 1, schedulable: true }
      workers:
        general:
          flavor: large
          min: 1
          volumes: { data: { size: 100Gi, use: { kind: filesystem, mountPoint: /data } } }
    cluster: { kind: own, cni: { kind: calico }, api: { kind: octavia } }
    edge: { kind: none }
    applicationCredentials: { backup: { roles: [member] } }
    containers: { backup: { purpose: velero } }
`;

const COMMAND = join(ROOT, "bin/labstead.js");

/** Milliseconds of each operation on a resource: several are always under way. */
const LATENCY = 60;
/** How often a moment is looked for, in milliseconds. */
const POLL = 5;

/** Whose ends may be sudden. */
export interface Victims {
  /** Else the cloud ends what it has begun, as a real one does. */
  readonly cloud: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Resolves when it has come; rejects when the run is over. */
type Waiting = (over: AbortSignal) => Promise<unknown>;

export class CrashLab extends World {
  /** @param like begins where that one is; else with nothing */
  constructor(like?: CrashLab) {
    super(mkdtempSync(join(tmpdir(), "labstead-crash-")));
    if (like === undefined) writeFileSync(join(this.folder, "Pulumi.lab.yaml"), SMALL_LAB);
    else cpSync(like.folder, this.folder, { recursive: true, verbatimSymlinks: true });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs `labstead rehearse lab …` to its end. */
  rehearse(...args: readonly string[]): Promise<Ended> {
    return this.begin(args).ended;
  }

  /** As {@link rehearse}; anything but success belongs to the failure. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.rehearse(...args);
    if (code !== 0) throw new Error(`rehearse lab ${args.join(" ")} ended with ${String(code)}\n${output}`);
    return output;
  }

  /** Runs it until the moment comes, then kills the command and the engine. True if the engine was alive then. */
  async killed(args: readonly string[], moment: Waiting, victims: Victims): Promise<boolean> {
    const { child, ended } = this.begin(args);
    const over = new AbortController();
    const end = ended.then(() => over.abort());
    await Promise.race([moment(over.signal), end]).catch((error: unknown) => {
      if (!over.signal.aborted) throw error;
    });
    const alive = !over.signal.aborted && child.pid !== undefined;
    const pids = alive ? [child.pid, ...childrenOf(child.pid, victims)] : [];
    for (const pid of pids) kill(pid);
    await end;
    return pids.some((pid) => pid !== child.pid);
  }

  /** As {@link killed}, at a moment of an `up`, or of a destroy. */
  killedAt(verb: Verb, moment: Moment, victims: Victims): Promise<boolean> {
    const args = verb === "up" ? [] : ["--destroy", "--with-data"];
    if (moment.kind === "timed") return this.killed(args, this.recorded(verb, moment), victims);
    const markerFile = join(this.folder, "moment");
    rmSync(markerFile, { force: true });
    const { type, name, kind } = moment;
    const operation = verb === "up" ? "create" : "delete";
    const faults = this.faultsFile({ faults: [{ type, name, operation, when: kind, markerFile }] });
    return this.killed(
      [...args, "--faults", faults],
      until(() => existsSync(markerFile)),
      victims,
    );
  }

  /** Some time after the state has come to a number of resources. */
  private recorded(verb: Verb, { resources, milliseconds }: Extract<Moment, { kind: "timed" }>): Waiting {
    const reached = until(() => {
      const now = this.state.resources.length;
      return verb === "up" ? now >= resources : now <= resources;
    });
    return async (signal) => {
      await reached(signal);
      await sleep(milliseconds, undefined, { signal });
    };
  }

  /** A file for `--faults`. */
  faultsFile(faults: Faults): string {
    const file = join(this.folder, "faults.json");
    writeFileSync(file, JSON.stringify(faults));
    return file;
  }

  /** When the number of things in the cloud fulfils a condition. */
  reached(condition: (count: number) => boolean): Waiting {
    return until(() => condition(this.count));
  }

  /** Runs `labstead …` as on a real cloud, in the project of the built-in one and against its plugins. */
  async official(args: readonly string[], faults: Faults = {}): Promise<Ended> {
    const cloud = await startCloud({ directory: join(this.folder, ".labstead/cloud"), faults });
    const engine = join(this.folder, ".labstead/engine");
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(engine, "state")}`,
      PULUMI_HOME: join(engine, "home"),
      PULUMI_CONFIG_PASSPHRASE: readFileSync(join(engine, "passphrase"), "utf8"),
      PULUMI_DEBUG_PROVIDERS: cloud.debugProviders,
    };
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: join(engine, "project"),
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      return await endOf(child);
    } finally {
      await cloud.stop();
    }
  }

  private begin(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const command = [COMMAND, "rehearse", "lab", "--latency", String(LATENCY), ...args];
    const child = spawn(process.execPath, command, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    return { child, ended: endOf(child) };
  }
}

function until(happened: () => boolean): Waiting {
  return async (signal) => {
    while (!happened()) await sleep(POLL, undefined, { signal });
  };
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => {
    child.on("exit", (code) => resolve({ code, output }));
  });
}

function childrenOf(pid: number, { cloud }: Victims): readonly number[] {
  return pidsIn(`/proc/${pid}/task/${pid}/children`).filter((child) => {
    const line = contents(`/proc/${child}/cmdline`);
    return line.includes("pulumi") && (cloud || !line.includes("rehearse/cloud-process.ts"));
  });
}

function pidsIn(file: string): readonly number[] {
  return contents(file).trim().split(/\s+/).filter(Boolean).map(Number);
}

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
