/** Differences of the plans' files: manifests, boot files and pushed files, secrets masked. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderObject } from "../../deploy/render";
import type { Lab } from "../../lab";
import { planFiles } from "../../review/plan-files";
import type { FileChange } from "../../review/preview/types";
import { diffFolders } from "./repository";

/** Lines of one difference that are shown. */
const LONGEST = 400;

/** @param folder a new one of this stack @param base undefined if it is new: then everything is, and nothing is listed */
export function fileChanges(
  folder: string,
  base: Lab | undefined,
  head: Lab | undefined,
): readonly FileChange[] {
  if (base === undefined || head === undefined) return [];
  const names = new Set(base.plan.servers.map(({ name }) => name));
  const stay = head.plan.servers.flatMap(({ name }) => (names.has(name) ? [name] : []));
  const [before, after] = [filesOf(base, stay), filesOf(head, stay)];
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  if (changed.length === 0) return [];
  for (const [side, files] of [
    ["base", before],
    ["head", after],
  ] as const)
    writeFiles(join(folder, side), changed, files);
  return grouped(diffFolders(folder));
}

/** Of servers only the files of those that are on both sides: all files of a new one are new. */
function filesOf(lab: Lab, servers: readonly string[]): ReadonlyMap<string, string> {
  const shown = servers.flatMap((name) => [`user-data/${name}.yaml`, `pushed/${name}/`]);
  const files = [...planFiles(lab)].filter(([name]) => shown.some((start) => name.startsWith(start)));
  const objects = lab.deploy.objects.map(
    (object) =>
      [`manifests/${object.identity.replaceAll(/[^\w./-]+/g, "/")}.yaml`, renderObject(object)] as const,
  );
  return new Map([...objects, ...files]);
}

function writeFiles(folder: string, names: readonly string[], files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const text = files.get(name);
    if (text === undefined) continue;
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Servers of a pool have the same files, which are shown once. */
function grouped(diffs: ReadonlyMap<string, string>): readonly FileChange[] {
  const groups = new Map<string, string[]>();
  for (const [name, diff] of diffs) {
    const file =
      /^pushed\/[^/]+(\/.+)$/.exec(name)?.[1] ?? (name.startsWith("user-data/") ? "user-data" : name);
    const key = `${file}\n${diff}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].map(([key, files]) => ({ files, diff: shortened(key.slice(key.indexOf("\n") + 1)) }));
}

function shortened(diff: string): string {
  const lines = diff.trimEnd().split("\n");
  if (lines.length <= LONGEST) return lines.join("\n");
  return [...lines.slice(0, LONGEST), `… and ${String(lines.length - LONGEST)} more lines`].join("\n");
}
