/** The git repository of the project: which files differ from a reference, and a copy of them as they were. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { reasonOf, UserError } from "../shared/failure";

export interface Repository {
  /** The project's folder. */
  readonly directory: string;
  /** Its path in the repository, with a slash at the end; empty at the top. */
  readonly prefix: string;
  /** The common ancestor of the reference and HEAD. */
  readonly base: string;
  /** HEAD; undefined if the working tree differs from it. */
  readonly head?: string;
  /** Commits of the reference that HEAD does not have. */
  readonly behind: number;
  /** Files below the folder that differ from the base, relative to it, with those that are not committed. */
  readonly changed: readonly string[];
}

/** @throws UserError if this is no repository, or the reference does not exist, or has no commit in common with HEAD */
export function compareWith(against: string, directory: string): Repository {
  const run = (...args: readonly string[]) => git(directory, args);
  const top = attempt(
    () => run("rev-parse", "--show-prefix"),
    () => `${directory} is in no git repository; run it in the project's folder`,
  );
  const tip = attempt(
    () => run("rev-parse", "--verify", "--quiet", "--end-of-options", `${against}^{commit}`),
    () =>
      `--against ${against}: there is no such branch, tag or commit here; fetch it: git fetch origin ${against}`,
  );
  const base = attempt(
    () => run("merge-base", tip, "HEAD"),
    () =>
      `--against ${against}: it has no commit in common with HEAD; in a shallow clone: git fetch --unshallow`,
  );
  const committed = lines(run("diff", "--name-only", "--relative", "-z", base, "--"));
  const untracked = lines(run("ls-files", "--others", "--exclude-standard", "-z"));
  const clean = run("status", "--porcelain", "--", ".") === "";
  return {
    directory,
    prefix: top,
    base,
    ...(clean ? { head: run("rev-parse", "HEAD") } : {}),
    behind: Number(run("rev-list", "--count", `${base}..${tip}`)),
    changed: [...new Set([...committed, ...untracked])].sort(),
  };
}

/**
 * Writes the files of the base below a folder, by an index of its own: nothing in the repository is changed.
 * @returns the project's folder there, with the installed packages
 */
export function checkOutBase({ directory, base, prefix }: Repository, target: string): string {
  const project = join(target, "tree", prefix);
  mkdirSync(project, { recursive: true });
  const index = { GIT_INDEX_FILE: join(target, "index") };
  git(directory, ["read-tree", base], index);
  const top = git(directory, ["rev-parse", "--show-toplevel"]);
  git(top, ["checkout-index", "--all", `--prefix=${join(target, "tree")}/`], index);
  const packages = nearest(directory, "node_modules");
  if (packages !== undefined) symlinkSync(realpathSync(packages), join(project, "node_modules"));
  return project;
}

/** Hunks of two folders beside each other, `base` and `head`, as unified diffs by file. */
export function diffFolders(parent: string): ReadonlyMap<string, string> {
  const args = ["diff", "--no-index", "--no-color", "--no-ext-diff", "--no-renames", "-U3"];
  const parts = git(parent, [...args, "--src-prefix=a/", "--dst-prefix=b/", "base", "head"])
    .split(/^diff --git /m)
    .slice(1);
  return new Map(
    parts.flatMap((part) => {
      const at = part.indexOf("\n@@");
      const header = part.slice(0, at);
      const name = /^\+\+\+ b\/head\/(.+)$/m.exec(header)?.[1] ?? /^--- a\/base\/(.+)$/m.exec(header)?.[1];
      return at < 0 || name === undefined ? [] : [[name, part.slice(at + 1)] as const];
    }),
  );
}

function nearest(directory: string, name: string): string | undefined {
  const here = join(directory, name);
  if (existsSync(here)) return here;
  return dirname(directory) === directory ? undefined : nearest(dirname(directory), name);
}

function lines(text: string): readonly string[] {
  return text.split("\0").filter((each) => each !== "");
}

function attempt(work: () => string, message: () => string): string {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new UserError(`git cannot be run (${reasonOf(error)}); install it`);
    throw new UserError(message());
  }
}

/** Megabytes of output of one command. */
const LARGEST = 256;

/** `git diff --no-index` ends with 1 where there are differences. Nobody's own settings change the output. */
function git(directory: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): string {
  try {
    return execFileSync("git", args, {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: LARGEST * 1024 * 1024,
      env: { ...process.env, LC_ALL: "C", ...variables },
    }).trimEnd();
  } catch (error) {
    const { status, stdout } = error as { readonly status?: number; readonly stdout?: string };
    if (args.includes("--no-index") && status === 1 && stdout !== undefined) return stdout;
    throw error;
  }
}
