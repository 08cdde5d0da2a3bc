/** Servers that leave with data that no other server has. Pure. */
import type { GuardedHolder, GuardInputs, GuardRecord } from "./inputs";
import type { Change } from "./change";

/** Name of the change, in addition to those of facts. */
export const LEAVES = "leaves";

/** Existing servers that are no longer configured, although their pool must keep them. */
export function leavingChanges(
  before: Readonly<Record<string, GuardRecord>>,
  { guarded, holders }: Pick<GuardInputs, "guarded" | "holders">,
): readonly Change[] {
  return holders.flatMap((holder) => {
    const were = Object.keys(before).filter((key) => key.startsWith(holder.of));
    const leave = were.filter((key) => guarded[key] === undefined);
    const mayGo = holder.keeps === "one" && leave.length < were.length;
    return mayGo ? [] : leave.map((key) => leaving(key, holder));
  });
}

function leaving(key: string, { at, effect, instead }: GuardedHolder): Change {
  return {
    key,
    resource: { facts: {} },
    name: LEAVES,
    fact: { value: "removed", at, change: "replace", effect, instead },
    was: "there",
  };
}
