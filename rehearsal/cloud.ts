/** Starts and ends the process of the built-in cloud. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

import type { CloudOptions, Ready } from "./options";

export type { CloudOptions, OpenStackChoice } from "./options";
export type { Fault, Faults } from "./faults";
export type { ExistingNetwork, ExistingSubnet } from "./openstack/behaviours/existing";

/** A running built-in cloud. */
export interface Cloud {
  /** Value for `PULUMI_DEBUG_PROVIDERS`: `openstack:PORT,random:PORT,…`. */
  readonly debugProviders: string;
  /** Ends the process; its resources stay in its folder. */
  stop(): Promise<void>;
}

/**
 * Starts the built-in cloud in a process of its own. It ends with `stop`, or when this process ends, however it ends.
 * @param entry file that calls `serveCloud`
 * @param environment variables of its process, beside those of this one
 * @throws with the process's own message if it does not start
 */
export async function startCloudProcess(
  entry: string,
  options: CloudOptions,
  environment: Readonly<Record<string, string>> = {},
): Promise<Cloud> {
  const given: CloudOptions = { ...options, directory: resolve(options.directory) };
  const child = spawn(process.execPath, [...loaderOf(entry), entry, JSON.stringify(given)], {
    cwd: resolve(__dirname, ".."),
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const { ports } = await ready(child);
  const debugProviders = Object.entries(ports).map(([name, port]) => `${name}:${port}`);
  return { debugProviders: debugProviders.join(","), stop: () => stop(child) };
}

/** Node looks for tsx from the working directory, which is the repository; the package holds compiled modules only. */
function loaderOf(entry: string): readonly string[] {
  return entry.endsWith(".ts") ? ["--import", "tsx"] : [];
}

async function ready(child: ChildProcess): Promise<Ready> {
  if (child.stdout === null || child.stderr === null) throw new Error("the built-in cloud has no output");
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint += text.toString();
  });
  const lines = createInterface({ input: child.stdout });
  const line = new Promise<string>((resolveLine) => lines.once("line", resolveLine));
  const ended = once(child, "exit").then(() => undefined);
  const first = await Promise.race([line, ended]);
  if (first === undefined)
    throw new Error(complaint.trim() || "the built-in cloud ended before it was ready");
  return JSON.parse(first) as Ready;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.stdin?.end();
  child.kill("SIGTERM");
  await ended;
}
