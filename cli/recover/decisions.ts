/** What the user decided about interrupted creations, from the command line. */
import { UserError } from "../shared/failure";
import type { Decisions } from "./judge";

export interface DecisionOptions {
  /** `<name>=<id>`, repeatable. */
  readonly take?: readonly string[];
  /** Names, repeatable. */
  readonly drop?: readonly string[];
}

/** @throws UserError for anything other than `<name>=<id>` */
export function decisions({ take = [], drop = [] }: DecisionOptions): Decisions {
  return { take: new Map(take.map(pair)), drop: new Set(drop) };
}

function pair(text: string): readonly [string, string] {
  const at = text.lastIndexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new UserError(`--take ${text}: write <name>=<id>, such as volume/gluster/0/brick=6f0c…`);
}
