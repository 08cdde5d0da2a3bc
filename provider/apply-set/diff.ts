/** Differences between the applied and the desired entries. */

/** Digests by entry key. */
export type Entries = ReadonlyMap<string, string>;

export type EntryChange = "add" | "update" | "delete";

/** The change of each entry that changes, sorted by key. */
export function changesOf(applied: Entries, wanted: Entries): ReadonlyMap<string, EntryChange> {
  const changes: (readonly [string, EntryChange])[] = [];
  for (const [key, digest] of wanted) {
    const before = applied.get(key);
    if (before === undefined) changes.push([key, "add"]);
    else if (before !== digest) changes.push([key, "update"]);
  }
  for (const key of applied.keys()) if (!wanted.has(key)) changes.push([key, "delete"]);
  return new Map(changes.sort(([one], [other]) => (one < other ? -1 : 1)));
}
