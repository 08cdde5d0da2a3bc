/** One run at a time writes the plan of an environment: two at once would mix their files. */
import { readlinkSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { reasonOf, UserError } from "../shared/failure";

/** A plan is written in less than a second. */
const PATIENCE_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 50;

/**
 * Runs the work while no other run works on the same folder.
 * @throws UserError if another run does not end in ten seconds
 */
export function whileLocked(folder: string, work: () => void, patience = PATIENCE_MILLISECONDS): void {
  const lock = join(dirname(folder), `.${basename(folder)}.labstead-plan.lock`);
  takeLock(lock, folder, Date.now() + patience);
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string, folder: string, deadline: number): void {
  while (!created(lock)) {
    const holder = holderOf(lock);
    if (holder !== undefined && !isRunning(holder)) rmSync(lock, { force: true });
    else if (Date.now() > deadline)
      throw new UserError(
        `${folder}: another labstead plan${holder === undefined ? "" : ` (pid ${String(holder)})`} writes there; wait until it has ended, or remove ${lock}. Nothing was changed`,
      );
    else pause();
  }
}

/**
 * A link whose target names the process: created in one step, so that no lock is without its holder, even on a full
 * disk.
 */
function created(lock: string): boolean {
  try {
    symlinkSync(String(process.pid), lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new UserError(`${dirname(lock)} cannot be written, nothing was changed: ${reasonOf(error)}`);
  }
}

/** Undefined if it no longer exists, or is not our lock. */
function holderOf(lock: string): number | undefined {
  try {
    const pid = Number(readlinkSync(lock));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Blocking is acceptable: there is nothing else to do, and a plan is written without a pause. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
}
