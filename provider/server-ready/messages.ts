/** The gate's errors: what was requested, what prevents it, what to do. */
import type { ProbeFailure } from "../kubernetes-api/probe-failure";
import { askedOf, routeAdvice } from "../kubernetes-api/api-route";
import type { NodeInputs } from "./inputs";
import type { NodeObservation } from "./nodes";

/** Environment variable with names of nodes, separated by commas, that this run does not drain. */
export const SKIP_DRAIN = "LABSTEAD_SKIP_DRAIN";

/** A remaining pod, and why it remains. */
export interface RemainingPod {
  readonly pod: string;
  readonly why: string;
}

/** Pods that an error lists. */
const LISTED = 20;

/** @param stack the stack's name */
export function notEmpty(
  left: readonly RemainingPod[],
  { node, drainSeconds }: NodeInputs,
  stack: string,
): string {
  const more = left.length > LISTED ? [`  … and ${left.length - LISTED} more`] : [];
  return [
    `node ${node} is not empty after ${drainSeconds} s, so its server was not touched`,
    ...left.slice(0, LISTED).map(({ pod, why }) => `  ${pod}: ${why}`),
    ...more,
    `  the node takes no new pods meanwhile; kubectl uncordon ${node} gives it back`,
    `  make room (more replicas, a wider budget, or end the pod), then go on with: pulumi up -s ${stack}`,
  ].join("\n");
}

/** @param stack the stack's name */
export function cannotDrain(
  failure: ProbeFailure,
  { access, node, how, cluster }: NodeInputs,
  stack: string,
): string {
  return [
    `cluster "${cluster}" does not let node ${node} be emptied, so its server was not touched`,
    `  asked: ${askedOf(access, `/api/v1/nodes/${node}`)}`,
    `  last answer: ${failure.answer}`,
    `  check: ${failure.kind === "refused" ? failure.check : routeAdvice(how, access, "run up again")}`,
    `  if the cluster is lost, or the node is empty for sure: ${SKIP_DRAIN}=${node} pulumi up -s ${stack}`,
  ].join("\n");
}

export function notBack(
  seen: Exclude<NodeObservation, { kind: "present"; ready: true }>,
  { node, readySeconds, access, how }: NodeInputs,
): string {
  return [
    `node ${node} is not back ${readySeconds} s after its server was recreated; no other server was touched after it`,
    `  last answer: ${nodeText(seen)}`,
    `  check: ${adviceFor(seen, { node, access, how })}`,
  ].join("\n");
}

export function nodeText(seen: NodeObservation): string {
  switch (seen.kind) {
    case "absent":
      return "there is no such node";
    case "present":
      return seen.ready ? "it is Ready" : "it is not Ready";
    case "waiting":
    case "refused":
      return seen.answer;
  }
}

function adviceFor(
  seen: NodeObservation,
  { node, access, how }: Pick<NodeInputs, "node" | "access" | "how">,
): string {
  switch (seen.kind) {
    case "absent":
      return `on the server: journalctl -u kubelet, and cloud-init status; the next up waits again`;
    case "present":
      return `kubectl describe node ${node}; the next up waits again`;
    case "refused":
      return seen.check;
    case "waiting":
      return routeAdvice(how, access, "run up again");
  }
}
