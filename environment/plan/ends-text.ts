/** How an end is told to people: the same words on the plan page and by `labstead doctor`. */
import { assertNever } from "../../errors/assert-never";
import type { EndPlan } from "./types-ends";

export function lastsText({ lasts }: EndPlan): string {
  switch (lasts.kind) {
    case "days":
      return `${String(lasts.days)} days`;
    case "until":
      return `until ${lasts.at}`;
    case "given":
      return "as it was given";
    case "never":
      return "without end";
    default:
      return assertNever(lasts);
  }
}

export function renewalText({ renewal }: EndPlan): string {
  switch (renewal.kind) {
    case "timer":
      return `${renewal.unit} on its server, each month`;
    case "itself":
      return renewal.by;
    case "up": {
      const then = renewal.then === undefined ? "" : `, then: ${renewal.then}`;
      return `labstead up ${renewal.environment} in its last ${String(renewal.days)} days${then}`;
    }
    case "rotate":
      return `labstead rotate ${renewal.environment} ${renewal.what}`;
    case "generation":
      return `a new server: count ${renewal.setting} up`;
    case "hand":
      return renewal.how;
    default:
      return assertNever(renewal);
  }
}
