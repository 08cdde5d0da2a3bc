/** Servers that leave and take something with them that no other one has. Pure. */
import type { GuardedHolder, GuardInputs, GuardRecord } from "./inputs";
import type { Change } from "./change";

/** Name of the change, beside those of facts. */
export const LEAVES = "leaves";

/** Servers that are there and no longer configured, where their pool does not let them go. */
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
