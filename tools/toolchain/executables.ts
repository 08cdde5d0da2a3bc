/**
 * The executables of the toolchain in `.tools/bin`, each from the first source that has it. A second call costs two
 * file look-ups: what was installed is remembered beside it, with the size and time of the file it led to.
 */
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { Log } from "./go-tool";

export const REPOSITORY = resolve(__dirname, "../..");

/** npm empties a package's own folder, so an installed package keeps its tools in the project that uses it. */
const IS_PACKAGE = REPOSITORY.split(sep).includes("node_modules");

/** Default folder of tools. Not in git; in the repository `make distclean` removes it. */
export const TOOLS_DIR = IS_PACKAGE ? resolve(".labstead", "tools") : join(REPOSITORY, ".tools");

/** One way to get an executable. */
export interface Source {
  /** For progress and errors: `PATH`, `download`. */
  readonly name: string;
  /**
   * Puts the executable at `target`: by a link to `existing`, or by making it there itself.
   * @throws an error whose message says why this source has none.
   */
  readonly provide: (target: string, log: Log) => Promise<void>;
}

export interface Executable {
  readonly name: string;
  readonly version: string;
  readonly sources: readonly Source[];
  /** What a person can do when no source has it; ends the error. */
  readonly help: string;
}

export interface InstallOptions {
  /** Folder that holds `bin/`. @default TOOLS_DIR */
  readonly toolsDir?: string;
  /** Receives a line of progress. @default nothing is printed */
  readonly log?: Log;
}

/**
 * The path of an executable, which is installed first if need be.
 * @throws an error that names every source with the reason why it failed, and what to do.
 */
export async function install(executable: Executable, options: InstallOptions = {}): Promise<string> {
  const { toolsDir = TOOLS_DIR, log = () => undefined } = options;
  const target = join(toolsDir, "bin", executable.name);
  if (isInstalled(executable, toolsDir)) return target;
  mkdirSync(dirname(target), { recursive: true });
  const reasons: string[] = [];
  for (const source of executable.sources) {
    try {
      await source.provide(target, log);
      remember(executable, toolsDir);
      return target;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reasons.push(`${source.name}: ${reason}`);
      log(`${executable.name} ${executable.version}, ${source.name}: ${reason}`);
    }
  }
  const tried = reasons.map((reason) => `  - ${reason}`).join("\n");
  throw new Error(`${executable.name} ${executable.version} could not be had:\n${tried}\n${executable.help}`);
}

/** Replaces `target` by a link. */
export function link(existing: string, target: string): void {
  rmSync(target, { force: true });
  symlinkSync(existing, target);
}

/** Whether `.tools/bin` holds this version, unchanged since it was installed (or since what it links to was). */
export function isInstalled(executable: Executable, toolsDir = TOOLS_DIR): boolean {
  try {
    return readFileSync(receiptFile(executable, toolsDir), "utf8") === receipt(executable, toolsDir);
  } catch {
    return false;
  }
}

function remember(executable: Executable, toolsDir: string): void {
  writeFileSync(receiptFile(executable, toolsDir), receipt(executable, toolsDir));
}

function receiptFile(executable: Executable, toolsDir: string): string {
  return join(toolsDir, `${executable.name}.receipt`);
}

function receipt(executable: Executable, toolsDir: string): string {
  const { size, mtimeMs } = statSync(join(toolsDir, "bin", executable.name));
  return `${executable.version} ${String(size)} ${String(Math.floor(mtimeMs))}\n`;
}
