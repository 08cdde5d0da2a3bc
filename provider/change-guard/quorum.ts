/**
 * What a run would do to servers with a majority quorum, such as etcd's on control planes. Pure: whether they answer is
 * only known when a server is replaced.
 */
import { assertNever } from "../../errors/assert-never";
import type { GuardedQuorum, GuardRecord, GuardInputs } from "./inputs";
import { isReplaced } from "./judge";

export interface QuorumVerdict {
  readonly quorum: GuardedQuorum;
  /** Keys of existing ones that are no longer configured, and of those that stay. */
  readonly leave: readonly string[];
  readonly stay: readonly string[];
  /** Why the data would be lost. @default they are not */
  readonly lost?: "nobody stays" | "replaced alone";
  /** Keys of existing ones that are recreated. */
  readonly replaced: readonly string[];
}

export function judgeQuorums(
  before: Readonly<Record<string, GuardRecord>>,
  inputs: GuardInputs,
): readonly QuorumVerdict[] {
  return inputs.quorums.map((quorum) => judgeQuorum(before, inputs, quorum));
}

function judgeQuorum(
  before: Readonly<Record<string, GuardRecord>>,
  inputs: GuardInputs,
  quorum: GuardedQuorum,
): QuorumVerdict {
  const of = (all: object): readonly string[] => Object.keys(all).filter((key) => key.startsWith(quorum.of));
  const [was, is] = [of(before), of(inputs.guarded)];
  const stay = was.filter((key) => is.includes(key));
  const leave = was.filter((key) => !is.includes(key));
  const replaced = stay.filter((key) => isReplaced(key, before, inputs));
  // A member without data copies it from another one, which must exist before and be known to it.
  const alone = quorum.data === "lost" && replaced.length > 0 && (was.length === 1 || is.length === 1);
  const lost =
    was.length > 0 && is.length > 0 && stay.length === 0
      ? { lost: "nobody stays" as const }
      : alone
        ? { lost: "replaced alone" as const }
        : {};
  return { quorum, leave, stay, replaced, ...lost };
}

/** Lines of a refusal. */
export function lostLines({ quorum, leave, replaced, lost }: QuorumVerdict): readonly string[] {
  const { at, holds } = quorum;
  switch (lost) {
    case undefined:
      return [];
    case "nobody stays":
      return [
        `  ${at}: none of ${leave.join(", ")} stays, and with the last one ${holds} is lost`,
        "    add the new ones in one up, and take the old ones out in the next: what is added takes over what is there",
      ];
    case "replaced alone":
      return [
        `  ${at}: ${replaced.join(", ")} is recreated without a volume for ${holds}, which is lost with it: no other one has it before and after`,
        `    write ${at}.min: 3 and up, then count up ${at}.generation and up, then write ${at}.min as it is to be`,
      ];
    default:
      return assertNever(lost);
  }
}

/** What leaves, and how; undefined if nothing does. */
export function leavingText({ quorum, leave, stay, lost }: QuorumVerdict): string | undefined {
  if (leave.length === 0 || stay.length === 0 || lost !== undefined) return undefined;
  const stays = stay.length === 1 ? "1 stays" : `${String(stay.length)} stay`;
  return `${quorum.at}: ${leave.join(", then ")} ${leave.length === 1 ? "leaves" : "leave one after the other"}, and ${stays}; each is taken out of ${quorum.name} before its server goes, and only while the majority answers`;
}
