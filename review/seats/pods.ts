/** What pods of rendered workloads request, and where they may run. */
import { fieldOf, isJsonObject, listAt, type Manifest } from "../../deploy/manifest";
import type { ServerPlan } from "../../environment/plan/types";
import { requestOf } from "../object-amounts";

export interface Amounts {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  readonly pods: number;
}

export const NO_AMOUNTS: Amounts = { cpuMillis: 0, memoryMiB: 0, pods: 0 };

export function added(one: Amounts, other: Amounts): Amounts {
  return {
    cpuMillis: one.cpuMillis + other.cpuMillis,
    memoryMiB: one.memoryMiB + other.memoryMiB,
    pods: one.pods + other.pods,
  };
}

/** One pod of a workload: the requests of its containers; those that begin before them end before them. */
export function podAmounts(manifest: Manifest): Amounts {
  const containers = listAt(manifest, "spec", "template", "spec", "containers");
  return containers.reduce<Amounts>(
    (total, container) =>
      added(total, {
        cpuMillis: Math.round((requestOf(container, "cpu") ?? 0) * 1000),
        memoryMiB: (requestOf(container, "memory") ?? 0) / 2 ** 20,
        pods: 0,
      }),
    { ...NO_AMOUNTS, pods: 1 },
  );
}

/** By its node selector and its tolerations; affinity is not looked at. */
export function mayRunOn({ labels, taints }: ServerPlan, manifest: Manifest): boolean {
  const pod = fieldOf(manifest, "spec", "template", "spec");
  const selector = fieldOf(pod, "nodeSelector");
  const wanted = Object.entries(isJsonObject(selector) ? selector : {});
  const tolerations = listAt(pod, "tolerations");
  return (
    wanted.every(([key, value]) => key.startsWith("kubernetes.io/") || labels[key] === value) &&
    taints.every(
      (taint) => taint.effect === "PreferNoSchedule" || tolerations.some((each) => tolerates(each, taint)),
    )
  );
}

function tolerates(toleration: unknown, taint: ServerPlan["taints"][number]): boolean {
  const field = (name: string) => fieldOf(toleration, name);
  const [key, operator, value, effect] = ["key", "operator", "value", "effect"].map(field);
  return (
    (key === undefined || key === taint.key) &&
    (operator === "Exists" || (value ?? "") === taint.value) &&
    (effect === undefined || effect === taint.effect)
  );
}
