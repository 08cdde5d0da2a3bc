/**
 * Writes files completely or not at all: all beside their target first, then moved there, so that a full disk keeps the
 * old ones.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { reasonOf, UserError } from "./failure";

export interface WholeFile {
  readonly path: string;
  readonly text: string;
  /**
   * For a file with restricted access: a link in its place is replaced, not followed.
   * @default that of the replaced file, 0o666 less the umask for a new one
   */
  readonly mode?: number;
  /** Whether an existing file is refused instead of replaced. @default false */
  readonly fresh?: boolean;
}

interface Staged {
  readonly beside: string;
  readonly target: string;
  readonly fresh: boolean;
}

/** @throws UserError with the system's reason; no file has changed then */
export function writeWhole(...files: readonly WholeFile[]): void {
  const staged: Staged[] = [];
  try {
    for (const file of files) {
      const each = stagingOf(file);
      staged.push(each);
      writeSynced(each.beside, file.text, file.mode ?? modeOf(each.target));
    }
    for (const { beside, target, fresh } of staged) (fresh ? linkSync : renameSync)(beside, target);
  } catch (error) {
    const names = files.map(({ path }) => path).join(" and ");
    throw new UserError(`${names} cannot be written, nothing was changed: ${reasonOf(error)}`);
  } finally {
    for (const { beside } of staged) rmSync(beside, { force: true });
  }
}

function stagingOf({ path, mode, fresh = false }: WholeFile): Staged {
  const target = mode === undefined && existsSync(path) ? realpathSync(path) : path;
  return { target, fresh, beside: join(dirname(target), `.${basename(target)}.${String(process.pid)}.new`) };
}

function modeOf(target: string): number {
  const stats = statSync(target, { throwIfNoEntry: false });
  return stats === undefined ? 0o666 : stats.mode & 0o777;
}

/** A disk may report that it is full only when the text is written to it. */
function writeSynced(file: string, text: string, mode: number): void {
  const descriptor = openSync(file, "wx", mode);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
