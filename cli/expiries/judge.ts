/** Status of a date today: in time, soon, or past. Pure. */
import { renewalText } from "../../environment/plan/expiries-text";
import type { ExpiryPlan } from "../../environment/plan/types";
import { textTable } from "../../review/table";

/** The value read from the place of a date. */
export type ExpiryDate =
  | { readonly kind: "on"; readonly at: Date; readonly note?: string }
  /** It could not be read, and may be valid. */
  | { readonly kind: "unread"; readonly why: string };

export interface JudgedExpiry {
  readonly key: string;
  readonly what: string;
  readonly state: "ok" | "soon" | "ended" | "unread";
  /** The day and the time until then, or why it is unknown. */
  readonly ends: string;
  /** Empty if nothing has to be done. */
  readonly todo: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** Everything of the list that has a date, the most urgent first. */
export function judgeExpiries(
  ends: readonly ExpiryPlan[],
  dates: ReadonlyMap<string, ExpiryDate>,
  now: Date,
): readonly JudgedExpiry[] {
  const judged = ends
    .filter(
      ({ lifetime, date }) =>
        lifetime.kind === "until" || (lifetime.kind !== "never" && date.kind !== "none"),
    )
    .map((end) => judge(end, dates.get(end.key), now));
  const urgency = ["ended", "soon", "unread", "ok"];
  return judged.sort((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
}

function judge(end: ExpiryPlan, found: ExpiryDate | undefined, now: Date): JudgedExpiry {
  const { key, what, noticeDays } = end;
  const date = found?.kind === "on" ? found : configured(end);
  if (date === undefined) {
    const why = found?.kind === "unread" ? found.why : "it was not read";
    return { key, what, state: "unread", ends: why, todo: "" };
  }
  const days = Math.floor((date.at.getTime() - now.getTime()) / DAY);
  const note = date.note === undefined ? "" : `; ${date.note}`;
  const ends = `${date.at.toISOString().slice(0, 10)}, ${distance(days)}${note}`;
  const state = days < 0 ? "ended" : days < noticeDays ? "soon" : "ok";
  return { key, what, state, ends, todo: state === "ok" ? "" : todo(end, state) };
}

/** The configured date applies until the real one is read. */
function configured({ lifetime }: ExpiryPlan): Extract<ExpiryDate, { kind: "on" }> | undefined {
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

export function expiriesTable(stack: string, judged: readonly JudgedExpiry[]): string {
  return textTable(
    `Expiry and renewal in ${stack}`,
    ["which", "what", "state", "expires", "what to do"],
    judged.map(({ key, what, state, ends, todo: fix }) => [key, what, state, ends, fix]),
  ).trimEnd();
}
