/** What the real engine did, in its order. */
import type { EngineEvent } from "@pulumi/pulumi/automation";

/** What an operation of the engine on a resource was, and whether it began or ended then. */
export interface Moment {
  readonly at: "begins" | "ends" | "fails";
  /** `delete server/workers.general/0` */
  readonly step: string;
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** When a server was away: from the moment its gate begins to go until its new gate is there. */
export interface Absence {
  readonly server: string;
  readonly from: number;
  readonly to: number;
}

/** In the order in which they began. A server that did not come back is away to the end. */
export function absences(moments: readonly Moment[]): readonly Absence[] {
  return moments.flatMap(({ at, step }, from) => {
    const [, server] = /^delete ready\/(.*)$/.exec(step) ?? [];
    if (at !== "begins" || server === undefined) return [];
    const back = moments.findIndex((each) => each.at === "ends" && each.step === `create ready/${server}`);
    return [{ server, from, to: back < 0 ? Infinity : back }];
  });
}

/** How many were away at the same time, at most. */
export function mostAway(all: readonly Absence[]): number {
  return Math.max(
    0,
    ...all.map(({ from }) => all.filter((each) => each.from <= from && from < each.to).length),
  );
}

/** Steps that ended, in their order. */
export function ended(moments: readonly Moment[]): readonly string[] {
  return moments
    .filter(({ at, step }) => at === "ends" && !step.startsWith("replace "))
    .map(({ step }) => step);
}

/** The engine's words for the two halves of a replacement. */
const PLAIN: Readonly<Record<string, string>> = {
  "delete-replaced": "delete",
  "create-replacement": "create",
};

export function momentsOf({
  resourcePreEvent,
  resOutputsEvent,
  resOpFailedEvent,
}: EngineEvent): readonly Moment[] {
  const kinds = [
    ["begins", resourcePreEvent],
    ["ends", resOutputsEvent],
    ["fails", resOpFailedEvent],
  ] as const;
  return kinds.flatMap(([at, event]) => {
    if (event === undefined || event.metadata.op === "same") return [];
    const { op, urn } = event.metadata;
    return [{ at, step: `${PLAIN[op] ?? op} ${nameOf(urn)}` }];
  });
}
