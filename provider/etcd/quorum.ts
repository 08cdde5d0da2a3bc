/** Whether etcd keeps its majority without a member. Pure, and as strict as etcd's own check before it removes one. */
import type { Member } from "./etcd";

/** How many of them have to answer. */
export function majority(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

export interface Verdict {
  readonly kept: boolean;
  /** Voting members that answer, without the one that is removed. */
  readonly answer: number;
  readonly needed: number;
  /** Voting members that count then. */
  readonly of: number;
}

/**
 * @param going a member that is removed no longer counts; one that returns counts, and does not answer meanwhile. A
 * cluster with a single member is down while it is away.
 */
export function without(members: readonly Member[], going: Member, kind: "leaves" | "returns"): Verdict {
  const voters = members.filter(({ learner }) => !learner);
  const others = voters.filter(({ id }) => id !== going.id);
  const answer = others.filter(({ healthy }) => healthy).length;
  const of = kind === "leaves" ? others.length : voters.length;
  const needed = majority(of);
  const alone = kind === "returns" && !going.learner && others.length === 0;
  return { kept: alone || (of > 0 && answer >= needed), answer, needed, of };
}
