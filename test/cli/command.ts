/** Runs the command as a user does, in a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(__dirname, "../..");

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function labstead(args: readonly string[], folder = ROOT): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "bin/labstead.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}
