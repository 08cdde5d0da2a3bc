/** Processes of a run that can be killed: the plugin as the engine starts it, and the engine. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";

import { ROOT } from "../../cli/command";

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

  /** By SIGKILL; ends when the process has. */
  async kill(): Promise<void> {
    const ended = once(this.child, "exit");
    if (this.child.kill("SIGKILL")) await ended;
  }
}
