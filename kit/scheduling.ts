/** Where pods may and should run. */
import type { k8s } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";
import { selectorOf, type Identity, type Labels } from "./names";

/** A taint that does not keep pods away. */
export type Toleration =
  /** Every taint there is and will be: for what each node needs. */
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
      /** How long a pod that runs stays once its node is tainted, in seconds. @default for good */
      readonly seconds?: number;
    };

/** The taint that kubeadm lays on control planes. */
export const ON_CONTROL_PLANES: Toleration = {
  kind: "taint",
  key: "node-role.kubernetes.io/control-plane",
  effect: "NoSchedule",
};

/** On which nodes pods may run. */
export interface SchedulingSpec {
  /** Taints that do not keep the pods away. @default none */
  readonly tolerations?: readonly Toleration[];
  /** Labels that a node must have. @default any node */
  readonly nodeSelector?: Labels;
  /**
   * Who finds room first, and may push others away: Kubernetes' own `system-cluster-critical` and `system-node-critical`,
   * or the name of a PriorityClass. @default the cluster's default class
   */
  readonly priorityClass?: string;
}

/** As a pod carries it. */
export function podScheduling({
  tolerations,
  nodeSelector,
  priorityClass,
}: SchedulingSpec): Partial<k8s.PodSpec> {
  return {
    ...(tolerations === undefined ? {} : { tolerations: tolerations.map(toToleration) }),
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
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
 * At most one pod more on a node than on another. Nodes that take no pods (cordoned, tainted) do not count: a drain
 * of one of two nodes must find a place for its pod.
 */
export function spreadOverNodes(props: Identity): readonly k8s.TopologySpreadConstraint[] {
  return [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      nodeTaintsPolicy: "Honor",
      labelSelector: { matchLabels: { ...selectorOf(props) } },
    },
  ];
}
