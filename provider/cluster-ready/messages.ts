/** The gate's error after its timeout: what was tried, the last answer, what to do. */
import { askedOf, routeAdvice } from "../kubernetes-api/api-route";
import type { GateInputs } from "./inputs";
import type { Observation } from "./probe";

/** Result of the wait. */
export interface Attempts {
  readonly count: number;
  readonly seconds: number;
  readonly last: Exclude<Observation, { readonly kind: "ready" }>;
}

export function timeoutText(inputs: GateInputs, { count, seconds, last }: Attempts): string {
  const { access, cluster, how, hint } = inputs;
  const what = last.kind === "refused" ? "refuses this program" : "is not ready";
  return [
    `the Kubernetes API${cluster === "" ? "" : ` of cluster "${cluster}"`} ${what} after ${seconds} s (${plural(count)})`,
    `  asked: ${askedOf(access, "/readyz")}`,
    `  last answer: ${last.answer}`,
    `  check: ${last.kind === "refused" ? last.check : routeAdvice(how, access, "run up again")}`,
    ...(hint === "" ? [] : [`  ${hint}`]),
  ].join("\n");
}

function plural(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}
