/** A client outside the machines that never stops asking: `requests.ts` in the lab's namespace. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { MachineNetwork } from "../machines/network";
import type { Requests } from "./requests";

export class Client {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly ended: Promise<string>;

  constructor({ enter }: MachineNetwork, url: string, from: string) {
    const program = [process.execPath, "--import", "tsx", join(__dirname, "requests.ts"), url, from];
    const [command, ...args] = [...enter, ...program] as const;
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    this.child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    this.ended = new Promise((resolve) => this.child.once("close", () => resolve(text)));
  }

  /** Asks no more. @returns what it saw once the last answer is there */
  async end(): Promise<Requests> {
    this.child.stdin.end();
    return JSON.parse(await this.ended) as Requests;
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
