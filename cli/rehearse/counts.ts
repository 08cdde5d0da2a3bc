/** How many resources a run created, changed and kept, in one line. */
import type { Changes } from "../../rehearsal/engine";

const DONE = { create: "made", update: "changed", replace: "replaced", delete: "removed", read: "read" };
const WOULD = {
  create: "would make",
  update: "would change",
  replace: "would replace",
  delete: "would delete",
  read: "would read",
};

/** `made 120, changed 2, 254 as they were` */
export function changesText(changes: Changes): string {
  return countsText(changes, DONE, "as they were");
}

/** `would make 120, would change 2, 254 as they are` */
export function previewText(changes: Changes): string {
  return countsText(changes, WOULD, "as they are");
}

function countsText(changes: Changes, words: Readonly<Record<string, string>>, stay: string): string {
  const counted = Object.entries(changes).filter(([operation, count]) => operation !== "same" && count > 0);
  const same = `${String(changes["same"] ?? 0)} ${stay}`;
  if (counted.length === 0) return `no changes, ${same}`;
  return [
    ...counted.map(([operation, count]) => `${words[operation] ?? operation} ${String(count)}`),
    same,
  ].join(", ");
}
