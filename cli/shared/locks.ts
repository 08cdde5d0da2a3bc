/** Locks of stacks, in backends that store them as files: the holder, and whether that run still exists. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** As the engine writes it. */
const lock = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});
export type Lock = z.output<typeof lock>;

/** A lock from its file. */
export function parseLock(text: string): Lock {
  return lock.parse(JSON.parse(text));
}

/** Folder of a stack's locks, from the backend's root. */
export function stackLocks(project: string, stack: string): string {
  return `.pulumi/locks/organization/${project}/${stack}`;
}

/** The folder of a file backend's URL; undefined for any other backend. */
export function backendFolder(url: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const path = url.slice("file://".length).split("?")[0] ?? "";
  if (path.startsWith("~")) return join(homedir(), path.slice(1));
  return path.startsWith("/") ? fileURLToPath(`file://${path}`) : path;
}

/** The locks of a stack, if its backend is a local folder. */
export function locksOf(folder: string, project: string, stack: string): readonly Lock[] {
  const place = join(folder, stackLocks(project, stack));
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => name.endsWith(".json"))
    .map((name) => parseLock(readFileSync(join(place, name), "utf8")));
}

/** In the engine's message about a locked stack, on any backend that stores locks as files. */
const LOCK_MESSAGE = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** The locks that an error message of the engine names. */
export function locksIn(message: string): readonly Lock[] {
  return [...message.matchAll(LOCK_MESSAGE)].map(
    ([, username = "", host = "", pid = "0", timestamp = ""]) => ({
      username,
      hostname: host,
      pid: Number(pid),
      timestamp,
    }),
  );
}

/** Whether the run that took the lock has certainly ended: it ran here, and no longer exists. */
export function isStale({ pid, hostname: host }: Lock, here = hostname()): boolean {
  return host === here && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process cannot be signalled, but exists.
    return (error as NodeJS.ErrnoException).code === "EPERM" && isEngine(pid);
  }
  return isEngine(pid);
}

/** Process ids are reused, and a killed process is listed until its parent has waited for it. */
function isEngine(pid: number): boolean {
  try {
    const [, name = "", state = ""] = /\((.*)\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return name.startsWith("pulumi") && state !== "Z";
  } catch {
    // A system without /proc: a process of this number counts as the engine.
    return !existsSync("/proc/self/stat");
  }
}

/** `root@vm (pid 13181, since 2026-11-21T01:24:08Z)` */
export function holder({ username, hostname: host, pid, timestamp }: Lock): string {
  return `${username}@${host} (pid ${pid}, since ${timestamp.replace(/\.\d+/, "")})`;
}
