/** Replicas that follow the load: a HorizontalPodAutoscaler. It requires the cluster's metrics server. */
import { k8s } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { metadataOf, type Identity } from "./names";
import { checkWhole } from "./numbers";

/** Bounds of the number of pods, and their target utilization. */
export interface ReplicaRange {
  /** At least 1. */
  readonly min: number;
  /** More than `min`. */
  readonly max: number;
  readonly target: UsageTarget;
  /**
   * Seconds, 0 to 3600, for which the load must be low before pods are removed.
   * @default 300
   */
  readonly scaleDownSeconds?: number;
}

/**
 * Average use over all pods, in percent of what their containers request; above 100 they use more than their requests.
 * With both, the one that needs more pods decides.
 */
export type UsageTarget =
  | { readonly cpuPercent: number; readonly memoryPercent?: number }
  | { readonly cpuPercent?: number; readonly memoryPercent: number };

/**
 * A fixed number of pods, or a range. `onDemand`: none when it is created, and one while somebody has started it; the
 * number then belongs to the user who starts and stops it, and a later `up` leaves it as it is.
 */
export type Replicas = number | ReplicaRange | "onDemand";

/** Bounds of the number of pods. */
export interface ReplicaBounds {
  readonly least: number;
  readonly most: number;
}

export function replicaBounds(replicas: Replicas): ReplicaBounds {
  if (replicas === "onDemand") return { least: 0, most: 1 };
  return typeof replicas === "number"
    ? { least: replicas, most: replicas }
    : { least: replicas.min, most: replicas.max };
}

/**
 * Scales the Deployment of the same identity.
 * @throws Error on an invalid range, or a number that Kubernetes does not accept
 */
export function autoscaler(
  scope: Construct,
  props: Identity & { readonly namespace: string },
  range: ReplicaRange,
): void {
  const { name, namespace } = props;
  const { min, max, target, scaleDownSeconds = 300 } = range;
  checkRange(name, min, max);
  checkWhole(name, "scaleDownSeconds", scaleDownSeconds, 0, 3600);
  new k8s.KubeHorizontalPodAutoscalerV2(scope, "Autoscaler", {
    metadata: metadataOf(props, namespace),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        ...usage(name, "cpu", "cpuPercent", target),
        ...usage(name, "memory", "memoryPercent", target),
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: scaleDownSeconds } },
    },
  });
}

function usage(
  owner: string,
  resource: "cpu" | "memory",
  key: "cpuPercent" | "memoryPercent",
  target: UsageTarget,
): k8s.MetricSpecV2[] {
  const percent = target[key];
  if (percent === undefined) return [];
  checkWhole(owner, key, percent, 1, 1000);
  return [
    {
      type: "Resource",
      resource: { name: resource, target: { type: "Utilization", averageUtilization: percent } },
    },
  ];
}

function checkRange(owner: string, min: number, max: number): void {
  if (Number.isInteger(min) && Number.isInteger(max) && min >= 1 && max > min) return;
  throw new Error(
    `${owner}: replicas from ${min} to ${max} are no range; write whole numbers, 1 or more, the second above the first, or one number`,
  );
}
