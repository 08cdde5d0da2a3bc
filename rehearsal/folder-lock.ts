/** The lock of a cloud's folder: one process at a time; the next one waits until the one before has ended. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that an ending cloud may take: the engine's operations under way, and their answers. */
const PATIENCE = 10_000;
const INTERVAL = 50;

/**
 * Locks the folder, waiting for another process that has it. Returns what releases it.
 * @throws if the other process does not end in time
 */
export async function lockFolder(directory: string, patience = PATIENCE): Promise<() => void> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "pid");
  const until = Date.now() + patience;
  for (;;) {
    if (taken(file)) return () => rmSync(file, { force: true });
    const other = holder(file);
    if (other === undefined) rmSync(file, { force: true });
    else if (Date.now() < until) await sleep(INTERVAL);
    else
      throw new Error(
        `process ${other} uses ${directory}: wait until it has ended; if it has nothing to do with it, delete ${file}`,
      );
  }
}

/** By a link, so that no process reads half a number. */
function taken(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The process that has the folder; undefined if it was killed. */
function holder(file: string): number | undefined {
  const pid = Number(read(file));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? undefined : pid;
  }
  return isZombie(pid) ? undefined : pid;
}

/** Killed, and listed until its parent has waited for it. Systems without /proc are taken to have none. */
function isZombie(pid: number): boolean {
  return /\) Z/.test(read(`/proc/${pid}/stat`));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
