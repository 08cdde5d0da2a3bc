/** What the API server says of pods, claims and events, as facts that reasons follow from. */
import { fieldOf, textOf } from "../../provider/kubernetes-api/json-fields";
import type { ClaimFacts, ContainerState, PodFacts, Warning } from "./reasons";

/** A list in an answer: its items, or those of a field. */
export function list(value: unknown, field = "items"): readonly unknown[] {
  const found = fieldOf(value, field);
  return Array.isArray(found) ? found : [];
}

/** The events of a list, the newest last. */
export function eventsOf(answer: unknown): readonly Warning[] {
  return [...list(answer)]
    .sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
    .map((event) => ({ reason: textOf(event, "reason"), message: textOf(event, "message") }));
}

function timeOf(event: unknown): string {
  return textOf(event, "lastTimestamp") || textOf(event, "eventTime");
}

export function podFacts(pod: unknown, events: readonly Warning[]): PodFacts {
  const status = fieldOf(pod, "status");
  const scheduled = list(status, "conditions").find((each) => textOf(each, "type") === "PodScheduled");
  return {
    name: textOf(fieldOf(pod, "metadata"), "name"),
    phase: textOf(status, "phase"),
    ...(textOf(scheduled, "status") === "False" ? { unschedulable: textOf(scheduled, "message") } : {}),
    containers: list(status, "containerStatuses").map(containerState),
    warnings: events,
  };
}

function containerState(container: unknown): ContainerState {
  const state = fieldOf(container, "state");
  const [waiting, terminated] = [fieldOf(state, "waiting"), fieldOf(state, "terminated")];
  const text = (of: unknown) => ({ reason: textOf(of, "reason"), message: textOf(of, "message") });
  const exitCode = fieldOf(terminated, "exitCode");
  return {
    name: textOf(container, "name"),
    ...(waiting === undefined ? {} : { waiting: text(waiting) }),
    ...(typeof exitCode === "number" ? { terminated: { exitCode, ...text(terminated) } } : {}),
  };
}

/** @param storageClass as the API server answers, which may be that there is none */
export function claimFacts(claim: unknown, storageClass: unknown, events: readonly Warning[]): ClaimFacts {
  const provisioner = textOf(storageClass, "provisioner");
  return {
    name: textOf(fieldOf(claim, "metadata"), "name"),
    storageClass: textOf(fieldOf(claim, "spec"), "storageClassName"),
    provisioner: provisioner === "" ? undefined : provisioner,
    events,
  };
}
