/** Runs the command as a user does, in a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { SKIP_CHECKPOINTS } from "../../rehearsal/checkpoints";

export const ROOT = join(__dirname, "../..");

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function labstead(args: readonly string[], folder = ROOT, settings = {}): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "bin/labstead.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...settings },
  });
  return { code: status, stdout, stderr };
}

/** As {@link labstead}, for runs that nothing interrupts: a state that is written after each step takes half their time. */
export function labsteadWithoutCheckpoints(args: readonly string[], folder: string): CommandResult {
  return labstead(args, folder, SKIP_CHECKPOINTS);
}
