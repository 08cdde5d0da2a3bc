/**
 * A file backend writes each file completely and then renames it, but the description beside it (`<file>.attrs`) it
 * writes in place: an engine that is killed at that moment leaves half of it, and because of it the whole file is
 * unreadable ("failed to load checkpoint: EOF"). The file itself is the last one that was written completely, and the
 * description has nothing important.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Removes half-written descriptions of a stack's files, and files that were never renamed. Returns what was removed. */
export function removeHalfWritten(folder: string, project: string, stack: string): readonly string[] {
  const root = join(folder, ".pulumi");
  const ofStack = (name: string) => name.startsWith(`${stack}.json`);
  const broken = [
    ...filesIn(root, (name) => name === "meta.yaml.attrs"),
    ...filesIn(join(root, "stacks", project), ofStack),
    ...filesIn(join(root, "locks/organization", project, stack), () => true),
  ].filter((file) => file.endsWith(".tmp") || (file.endsWith(".attrs") && !isWhole(file)));
  for (const file of broken) rmSync(file);
  return broken;
}

/** A state's own file, and its predecessor, which the backend stores beside it. */
export interface StateFiles {
  readonly file: string;
  /** Undefined if there is no readable one. */
  readonly before?: string;
}

export function stateFiles(folder: string, project: string, stack: string): StateFiles {
  const file = join(folder, ".pulumi/stacks", project, `${stack}.json`);
  const before = `${file}.bak`;
  return existsSync(before) && isWhole(before) ? { file, before } : { file };
}

function filesIn(folder: string, wanted: (name: string) => boolean): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(wanted)
    .map((name) => join(folder, name));
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
