/** Processes of a run that can be killed: the plugin as the engine starts it, the engine, and the run itself. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";

import { ROOT } from "../../cli/command";
import type { RunOfSet } from "./run";

/** Ids of the engines that work in a folder; a process that ends meanwhile is none. */
export function enginesIn(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const isEngine = readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "pulumi";
        return isEngine && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false;
      }
    })
    .map(Number);
}

export class PluginProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<PluginProcess> {
    const child = spawn(process.execPath, [join(ROOT, "provider/index.js")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return new PluginProcess(child, Number(line));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** By SIGKILL; ends when the process has. */
  async kill(): Promise<void> {
    const ended = once(this.child, "exit");
    if (this.child.kill("SIGKILL")) await ended;
  }
}

/**
 * An `up` in a process of its own: when its engine is killed, what the program has asked of it is rejected behind the
 * program's back, and would fail the whole test file.
 */
export class UpProcess {
  private constructor(readonly ended: Promise<"done" | "interrupted">) {}

  /** Ends once the engine works. */
  static async start(run: RunOfSet): Promise<UpProcess> {
    const file = join(run.directory, "run.json");
    writeFileSync(file, JSON.stringify(run));
    const args = ["--import", "tsx", join(__dirname, "run.ts"), file];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    const ended = once(child, "close").then(([code]) => (code === 0 ? "done" : "interrupted"));
    await Promise.race([once(createInterface(child.stdout), "line"), ended]);
    return new UpProcess(ended);
  }
}
