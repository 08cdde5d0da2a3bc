/** A server process of the lab: started with its log in a file, ended by its own id. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { runs } from "../host/programs";

runs("setpriv");

/** Milliseconds that a process has to end by itself before it is killed. */
const STOP_TIME = 10_000;
/** Lines of the log that an error repeats. */
const LOG_LINES = 12;
const POLL = 50;

export class ServiceProcess {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {}

  /** @param log file that takes everything the process prints */
  static start(executable: string, args: readonly string[], log: string): ServiceProcess {
    const output = openSync(log, "a");
    try {
      // The kernel ends the process if the tests end without `stop`.
      const wrapped = ["--pdeathsig", "KILL", executable, ...args];
      const child = spawn("setpriv", wrapped, { stdio: ["ignore", output, output] });
      return new ServiceProcess(executable, child, log);
    } finally {
      closeSync(output);
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} was not started`);
    return this.child.pid;
  }

  /** Waits until a question is answered with true. @throws with the end of the log if the process ends or time does */
  async until(ready: () => Promise<boolean>, milliseconds: number): Promise<void> {
    const deadline = Date.now() + milliseconds;
    while (!(await ready())) {
      if (this.hasEnded()) throw new Error(`${this.name} has ended:\n${this.lastLines()}`);
      if (Date.now() > deadline) {
        throw new Error(`${this.name} is not ready after ${milliseconds / 1000} s:\n${this.lastLines()}`);
      }
      await pause(POLL);
    }
  }

  async stop(): Promise<void> {
    if (this.hasEnded()) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    const late = new AbortController();
    const kill = pause(STOP_TIME, undefined, { signal: late.signal }).then(
      () => this.child.kill("SIGKILL"),
      () => undefined,
    );
    await ended;
    late.abort();
    await kill;
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private lastLines(): string {
    return readFileSync(this.log, "utf8").trim().split("\n").slice(-LOG_LINES).join("\n");
  }
}

/** Ports of the loopback interface that nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
