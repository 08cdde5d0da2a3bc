/** What a date means today: in time, soon, or past. Pure. */
import { renewalText } from "../../environment/plan/expiries-text";
import type { ExpiryPlan } from "../../environment/plan/types";
import { textTable } from "../../review/table";

/** What was found where a date stands. */
export type EndDate =
  | { readonly kind: "on"; readonly at: Date; readonly note?: string }
  /** It may well be in order: nobody could look. */
  | { readonly kind: "unread"; readonly why: string };

export interface JudgedEnd {
  readonly key: string;
  readonly what: string;
  readonly state: "ok" | "soon" | "ended" | "unread";
  /** The day and how far it is, or why it is not known. */
  readonly ends: string;
  /** Empty where nothing is to be done. */
  readonly todo: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** Everything of the list that has a date, the most urgent first. */
export function judgeEnds(
  ends: readonly ExpiryPlan[],
  dates: ReadonlyMap<string, EndDate>,
  now: Date,
): readonly JudgedEnd[] {
  const judged = ends
    .filter(
      ({ lifetime, date }) =>
        lifetime.kind === "until" || (lifetime.kind !== "never" && date.kind !== "none"),
    )
    .map((end) => judge(end, dates.get(end.key), now));
  const urgency = ["ended", "soon", "unread", "ok"];
  return judged.sort((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
}

function judge(end: ExpiryPlan, found: EndDate | undefined, now: Date): JudgedEnd {
  const { key, what, noticeDays } = end;
  const date = found?.kind === "on" ? found : configured(end);
  if (date === undefined) {
    const why = found?.kind === "unread" ? found.why : "nobody looked";
    return { key, what, state: "unread", ends: why, todo: "" };
  }
  const days = Math.floor((date.at.getTime() - now.getTime()) / DAY);
  const note = date.note === undefined ? "" : `; ${date.note}`;
  const ends = `${date.at.toISOString().slice(0, 10)}, ${distance(days)}${note}`;
  const state = days < 0 ? "ended" : days < noticeDays ? "soon" : "ok";
  return { key, what, state, ends, todo: state === "ok" ? "" : todo(end, state) };
}

/** What the configuration says stands until something real was read. */
function configured({ lifetime }: ExpiryPlan): Extract<EndDate, { kind: "on" }> | undefined {
  return lifetime.kind === "until" ? { kind: "on", at: new Date(lifetime.at) } : undefined;
}

function distance(days: number): string {
  if (days < 0) return `${String(-days)} days ago`;
  return `in ${String(days)} days`;
}

function todo(end: ExpiryPlan, state: "soon" | "ended"): string {
  const { renewal } = end;
  switch (renewal.kind) {
    case "timer":
      return `its timer has not run: journalctl -u ${renewal.unit.replace(/\.timer$/, ".service")} on that server`;
    case "rotate":
      return end.lifetime.kind === "until"
        ? `write a later expiresAt, then: ${renewalText(end)}`
        : renewalText(end);
    case "up":
      return [
        `labstead up ${renewal.environment}`,
        ...(renewal.then === undefined ? [] : [renewal.then]),
      ].join(", then: ");
    case "itself":
    case "generation":
    case "hand":
      return state === "ended" ? `too late for: ${renewalText(end)}` : renewalText(end);
  }
}

export function endsTable(stack: string, judged: readonly JudgedEnd[]): string {
  return textTable(
    `What ends in ${stack}`,
    ["which", "what", "state", "ends", "what to do"],
    judged.map(({ key, what, state, ends, todo: fix }) => [key, what, state, ends, fix]),
  ).trimEnd();
}
