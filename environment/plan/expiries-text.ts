/** Texts of lifetimes and renewals, the same on the plan page and in `labstead doctor`. */
import { assertNever } from "../../errors/assert-never";
import type { ExpiryPlan } from "./types-expiries";

export function lifetimeText({ lifetime }: ExpiryPlan): string {
  switch (lifetime.kind) {
    case "days":
      return `${String(lifetime.days)} days`;
    case "until":
      return `until ${lifetime.at}`;
    case "given":
      return "as provided";
    case "never":
      return "never expires";
    default:
      return assertNever(lifetime);
  }
}

export function renewalText({ renewal }: ExpiryPlan): string {
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
      return `replace the server: increment ${renewal.setting}`;
    case "hand":
      return renewal.how;
    default:
      return assertNever(renewal);
  }
}
