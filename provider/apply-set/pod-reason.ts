/** Why the pods of a workload do not become ready: image, scheduling, configuration, crashes. */
import type { PlainMap, PlainValue } from "../../provider-protocol";
import type { SetTarget } from "./apply-object";
import { isPlainMap } from "./entries";
import { ApiRefusal } from "./objects";
import { conditionsOf, textAt, valueAt } from "./readiness";

const WORKLOADS = ["DaemonSet", "Deployment", "Job", "StatefulSet"];

/** The reason of the first unhealthy pod; undefined if none gives one, or pods may not be listed. */
export async function podReason(
  { api, signal }: Pick<SetTarget, "api" | "signal">,
  workload: PlainMap,
): Promise<string | undefined> {
  if (workload["kind"] === "Pod") return reasonOf(workload);
  const selector = valueAt(workload, "spec", "selector", "matchLabels");
  if (!WORKLOADS.includes(textAt(workload, "kind")) || !isPlainMap(selector)) return undefined;
  const labels = Object.keys(selector).map((name) => `${name}=${textAt(selector, name)}`);
  const where = { label: labels.join(","), namespace: textAt(workload, "metadata", "namespace") };
  const pods = await api.read({ group: "", kind: "Pod" }, where, signal).catch((error: unknown) => {
    if (error instanceof ApiRefusal) return [];
    throw error;
  });
  for (const pod of pods) {
    const reason = reasonOf(pod);
    if (reason !== undefined) return `pod ${textAt(pod, "metadata", "name")} ${reason}`;
  }
  return undefined;
}

/** A container that waits without a reason is starting. */
const STARTS = ["ContainerCreating", "PodInitializing"];

function reasonOf(pod: PlainMap): string | undefined {
  const scheduled = conditionsOf(pod).find((each) => each["type"] === "PodScheduled");
  if (scheduled?.["status"] === "False")
    return `is not scheduled: ${textAt(scheduled, "message") || textAt(scheduled, "reason")}`;
  for (const container of [
    ...statuses(pod, "initContainerStatuses"),
    ...statuses(pod, "containerStatuses"),
  ]) {
    const waiting = textAt(container, "state", "waiting", "reason");
    if (waiting === "" || STARTS.includes(waiting)) continue;
    const message = textAt(container, "state", "waiting", "message");
    return `waits in container ${textAt(container, "name")}: ${waiting}${message === "" ? "" : `: ${message}`}`;
  }
  return undefined;
}

function statuses(pod: PlainMap, name: string): readonly PlainMap[] {
  const value = valueAt(pod, "status", name);
  return Array.isArray(value) ? (value as readonly PlainValue[]).filter(isPlainMap) : [];
}
