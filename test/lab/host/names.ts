/**
 * Names for what outlives a process that is killed: namespaces, machines, control groups, folders. Each begins with who
 * made it, so that it can be removed once that process is gone, and none is taken twice: not by the next laboratory of a
 * process either, whose modules Jest loads again.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";

/** `labstead-<kind>-<process id>-<sixteen letters of chance>` */
export function uniqueName(kind: string): string {
  return `labstead-${kind}-${String(process.pid)}-${randomBytes(8).toString("hex")}`;
}

/** Whether a name is of this kind, and its process has ended. */
export function isLeft(kind: string, name: string): boolean {
  const pid = new RegExp(`^labstead-${kind}-(\\d+)-[0-9a-f]{16}$`).exec(name)?.[1];
  return pid !== undefined && !existsSync(`/proc/${pid}`);
}
