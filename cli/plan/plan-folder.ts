/**
 * A folder that `labstead plan` rewrites each time, completely or not at all: everything is written into a folder
 * beside it, and only then moved. A file beside the plan lists its files, and the next plan deletes only those: other
 * files in the folder stay, and a folder that is not a plan's is refused before anything is changed.
 */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";
import { z } from "zod";
import { reasonOf, UserError } from "../shared/failure";
import { whileLocked } from "./plan-lock";

/** The list. */
export const MANIFEST = ".labstead-plan.json";

/** Location of the plan until it is complete. */
const STAGING = ".labstead-plan.new";

const ABOUT =
  "Files that labstead plan wrote here, and deletes before it writes them again; it touches no others.";
const manifest = z.object({ about: z.string(), files: z.array(z.string()) });

export interface PlanFolder {
  readonly path: string;
  readonly environment: string;
  /** Texts by name; `/` parts folders. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * @throws UserError if the folder, or something at the path of its files, is not a plan's, if another run writes there,
 * or if the disk is full; nothing is changed then
 */
export function renewFolder(folder: PlanFolder): void {
  makeParent(folder.path);
  whileLocked(folder.path, () => {
    renew(folder);
  });
}

function renew(folder: PlanFolder): void {
  const { path, files } = folder;
  const isNew = kindOf(path) === "nothing";
  const old = ownFiles(folder);
  const wanted = [...files.keys()];
  const staging = join(path, STAGING);
  try {
    refuseInTheWay(path, old, wanted);
    stage(staging, files, old);
    makeFolders(path, wanted);
    // A file may have been written meanwhile.
    refuseInTheWay(path, old, wanted);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    removeEmpty(path, wanted);
    if (isNew) removeIfEmpty(path);
    throw error instanceof UserError ? error : unwritten(path, error);
  }
  exchange(path, old, wanted);
}

/** Both lists, so that a plan that is interrupted while its files are moved still knows its files. */
function stage(staging: string, files: PlanFolder["files"], old: readonly string[]): void {
  rmSync(staging, { recursive: true, force: true });
  const wanted = [...files.keys()];
  const lists = [
    [BOTH, listText([...old, ...wanted])],
    [MANIFEST, listText(wanted)],
  ] as const;
  for (const [name, text] of [...files, ...lists]) {
    const file = join(staging, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  }
}

const BOTH = `${MANIFEST}.both`;

function exchange(path: string, old: readonly string[], wanted: readonly string[]): void {
  const staging = join(path, STAGING);
  renameSync(join(staging, BOTH), join(path, MANIFEST));
  const kept = new Set(wanted);
  for (const name of wanted) renameSync(join(staging, name), join(path, name));
  remove(
    path,
    old.filter((name) => !kept.has(name)),
  );
  renameSync(join(staging, MANIFEST), join(path, MANIFEST));
  rmSync(staging, { recursive: true, force: true });
}

function makeParent(path: string): void {
  const parent = dirname(path);
  try {
    mkdirSync(parent, { recursive: true });
  } catch (error) {
    throw refusal(parent, `cannot be a folder (${reasonOf(error)})`);
  }
}

function makeFolders(path: string, names: readonly string[]): void {
  for (const each of new Set(names.map((name) => dirname(join(path, name)))))
    mkdirSync(each, { recursive: true });
}

function unwritten(path: string, error: unknown): UserError {
  return new UserError(
    `${path}: the plan cannot be written (${reasonOf(error)}); make room, or let it be written elsewhere: -o <folder>. Nothing was changed`,
  );
}

function listText(names: readonly string[]): string {
  const files = [...new Set(names)].sort();
  return `${JSON.stringify({ about: ABOUT, files }, null, 2)}\n`;
}

/** What an earlier plan wrote. */
function ownFiles(folder: PlanFolder): readonly string[] {
  const { path } = folder;
  const there = kindOf(path);
  if (there === "nothing") return [];
  if (there !== "folder") throw refusal(path, `is a ${there}, and the plan needs a folder`);
  const entries = readdirSync(path).filter((name) => name !== STAGING);
  if (entries.length === 0) return [];
  return entries.includes(MANIFEST) ? listed(path) : adopted(folder);
}

function listed(path: string): readonly string[] {
  const file = join(path, MANIFEST);
  const read = kindOf(file) === "file" ? manifest.safeParse(parsed(file)) : undefined;
  if (read?.success !== true) throw refusal(file, "is not the list of a plan's files");
  const astray = read.data.files.filter((name) => !staysInside(name));
  if (astray.length > 0) throw refusal(file, `lists ${quoted(astray)}, which is no file below its folder`);
  return read.data.files;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Its own list is not a file of the plan. */
function staysInside(name: string): boolean {
  const parts = name.split("/");
  const plain = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\0]/.test(part));
  return plain && name !== MANIFEST && parts[0] !== STAGING;
}

/**
 * Older versions wrote no list. Such a folder is accepted only if its `plan.json` is of this environment, and it
 * contains only files of this plan or that one.
 */
function adopted({ path, environment, files }: PlanFolder): readonly string[] {
  const found = filesBelow(path);
  const before = earlier.safeParse(found.includes("plan.json") ? parsed(join(path, "plan.json")) : undefined);
  if (!before.success || before.data.environment !== environment)
    throw refusal(path, `is not empty, and labstead plan did not write it: it has no ${MANIFEST}`);
  const known = new Set([
    ...files.keys(),
    ...before.data.servers.map(({ name }) => `user-data/${name}.yaml`),
  ]);
  const strange = found.filter((name) => !known.has(name));
  if (strange.length === 0) return found;
  throw refusal(path, `has no ${MANIFEST}, and holds ${quoted(strange)} beside the plan`);
}

const earlier = z.object({ environment: z.string(), servers: z.array(z.object({ name: z.string() })) });

/** Names of everything that is not a folder. */
function filesBelow(path: string, prefix = ""): readonly string[] {
  return readdirSync(join(path, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = posix.join(prefix, entry.name);
    return entry.isDirectory() ? filesBelow(path, name) : [name];
  });
}

/** Files to delete must still be files, paths to write must be free, and no link may point elsewhere. */
function refuseInTheWay(path: string, old: readonly string[], wanted: readonly string[]): void {
  const own = new Set(old);
  for (const name of new Set([...old, ...wanted])) {
    for (const parent of parentsOf(name)) {
      const there = kindOf(join(path, parent));
      if (there === "nothing") break;
      if (there !== "folder") throw refusal(join(path, parent), `is a ${there}, and the plan needs a folder`);
    }
    const there = kindOf(join(path, name));
    if (there === "nothing" || (there === "file" && own.has(name))) continue;
    throw refusal(join(path, name), `is a ${there} that labstead plan did not write`);
  }
}

/** `a` and `a/b` of `a/b/c`. */
function parentsOf(name: string): readonly string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}

/** Folders are deleted with their last file. */
function remove(path: string, names: readonly string[]): void {
  for (const name of names) rmSync(join(path, name), { force: true });
  removeEmpty(path, names);
}

/** Empty folders of these files, deepest first. */
function removeEmpty(path: string, names: readonly string[]): void {
  const folders = [...new Set(names.flatMap(parentsOf))].sort((one, other) => one.length - other.length);
  const there = folders.filter((name) => parentsOf(name).every((parent) => isFolder(join(path, parent))));
  for (const name of there.toReversed()) removeIfEmpty(join(path, name));
}

function isFolder(path: string): boolean {
  return kindOf(path) === "folder";
}

function removeIfEmpty(folder: string): void {
  if (isFolder(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

type Kind = "nothing" | "file" | "folder" | "link" | "special file";

/** Of a link, not of its target. */
function kindOf(path: string): Kind {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "nothing";
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "special file";
}

function refusal(path: string, what: string): UserError {
  return new UserError(
    `${path}: ${what}; move it away, or let the plan be written elsewhere: -o <folder>. Nothing was changed`,
  );
}

/** The first few. */
function quoted(names: readonly string[]): string {
  const [shown, more] = [names.slice(0, 3), names.length - 3];
  return `${shown.map((name) => JSON.stringify(name)).join(", ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
}
