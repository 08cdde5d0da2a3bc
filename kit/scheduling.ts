/** The nodes on which pods may and should run. */
import type { k8s } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";
import { podAffinity, TOPOLOGY_LABELS, type AffinitySpec } from "./affinity";
import { selectorOf, type Identity, type Labels } from "./names";

/** A taint that pods tolerate. */
export type Toleration =
  /** Every present and future taint: for pods that each node needs. */
  | { readonly kind: "all" }
  | {
      readonly kind: "taint";
      readonly key: string;
      /** @default any value */
      readonly value?: string;
      readonly effect: "NoSchedule" | "PreferNoSchedule";
    }
  | {
      readonly kind: "taint";
      readonly key: string;
      /** @default any value */
      readonly value?: string;
      readonly effect: "NoExecute";
      /** How long a running pod stays after its node is tainted, in seconds. @default forever */
      readonly seconds?: number;
    };

/** The taint that kubeadm sets on control planes. */
export const ON_CONTROL_PLANES: Toleration = {
  kind: "taint",
  key: "node-role.kubernetes.io/control-plane",
  effect: "NoSchedule",
};

/** On which nodes pods may run. */
export interface SchedulingSpec extends AffinitySpec {
  /** Taints that the pods tolerate. @default none */
  readonly tolerations?: readonly Toleration[];
  /** Labels that a node must have. @default any node */
  readonly nodeSelector?: Labels;
  /**
   * Priority of the pods, and whether they may preempt others: Kubernetes' own `system-cluster-critical` and
   * `system-node-critical`, or the name of a PriorityClass. @default the cluster's default class
   */
  readonly priorityClass?: string;
  /** Name of a RuntimeClass: another container runtime, such as one with GPUs or in a sandbox. @default the node's own */
  readonly runtimeClass?: string;
}

/**
 * Scheduling fields of a pod.
 * @throws Error on a weight that Kubernetes does not accept
 */
export function podScheduling(props: SchedulingSpec & Pick<Identity, "name">): Partial<k8s.PodSpec> {
  const { tolerations, nodeSelector, priorityClass, runtimeClass } = props;
  const affinity = podAffinity(props.name, props);
  return {
    ...(tolerations === undefined ? {} : { tolerations: tolerations.map(toToleration) }),
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
    ...(runtimeClass === undefined ? {} : { runtimeClassName: runtimeClass }),
  };
}

function toToleration(toleration: Toleration): k8s.Toleration {
  switch (toleration.kind) {
    case "all":
      return { operator: "Exists" };
    case "taint": {
      const { key, value, effect } = toleration;
      const wanted = value === undefined ? { operator: "Exists" } : { operator: "Equal", value };
      const seconds = effect === "NoExecute" ? toleration.seconds : undefined;
      return { key, ...wanted, effect, ...(seconds === undefined ? {} : { tolerationSeconds: seconds }) };
    }
    default:
      return assertNever(toleration);
  }
}

/**
 * Whether replicas are also spread over zones. `required`: a pod waits if it would make zones uneven by more than one,
 * and never runs on a node without a zone. `preferred`: it runs anyway.
 */
export type ZoneSpread = "required" | "preferred";

/**
 * Numbers of pods on any two nodes, or in two zones, differ by at most one. Nodes that accept no pods (cordoned,
 * tainted) do not count: a drain of one of two nodes must find a place for its pod.
 */
export function topologySpread(
  props: Identity,
  zones: ZoneSpread | undefined,
): readonly k8s.TopologySpreadConstraint[] {
  const spread = (within: keyof typeof TOPOLOGY_LABELS, required: boolean): k8s.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey: TOPOLOGY_LABELS[within],
    whenUnsatisfiable: required ? "DoNotSchedule" : "ScheduleAnyway",
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: { ...selectorOf(props) } },
  });
  return [spread("node", true), ...(zones === undefined ? [] : [spread("zone", zones === "required")])];
}
