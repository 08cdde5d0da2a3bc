/** Nodes that pods must or should use, by labels of nodes and by the pods on them. */
import type { k8s } from "cdk8s-plus-27";
import { mapNonEmpty, type NonEmpty } from "../environment/non-empty";
import { assertNever } from "../errors/assert-never";
import type { Labels } from "./names";
import { checkWhole } from "./numbers";

/** A condition on one label of a node. */
export type NodeRule =
  | { readonly kind: "in" | "notIn"; readonly key: string; readonly values: NonEmpty<string> }
  | { readonly kind: "exists" | "absent"; readonly key: string };

/** Label of every worker: the key of its pool in `servers.workers`. A node cannot set it on itself. */
export const NODE_POOL_LABEL = "node-restriction.kubernetes.io/pool";

/**
 * Workers of these pools, by their keys in `servers.workers`.
 * @example nodeAffinity: { required: [onPools("gpu")] }
 */
export function onPools(...pools: NonEmpty<string>): NodeRule {
  return { kind: "in", key: NODE_POOL_LABEL, values: pools };
}

/** Nodes that pods require, and nodes that they prefer. */
export interface NodeAffinity {
  /** If no node satisfies one of these, the pod waits. @default none */
  readonly required?: NonEmpty<NodeRule>;
  /** Nodes with the highest sum of weights come first. @default none */
  readonly preferred?: NonEmpty<NodePreference>;
}

/** Preferred nodes. */
export interface NodePreference {
  readonly rules: NonEmpty<NodeRule>;
  /** Relative to other preferences, 1 to 100. @default 100 */
  readonly weight?: number;
}

/** A rule about other pods: that they are present, or that they are not. */
export type PodRule = {
  /** All labels that the other pods have; a workload's pods by `selectorOf({ name })`. */
  readonly labels: Labels;
  /** What counts as near: the same node, or the same zone. Nodes without a zone never count. */
  readonly within: "node" | "zone";
  /** Namespaces of the other pods. @default the pod's own namespace */
  readonly namespaces?: NonEmpty<string>;
} & (
  | { readonly kind: "required" }
  | {
      readonly kind: "preferred";
      /** Relative to other preferences, 1 to 100. @default 100 */
      readonly weight?: number;
    }
);

export interface AffinitySpec {
  /** @default any node */
  readonly nodeAffinity?: NodeAffinity;
  /** Pods to be near to. @default none */
  readonly podAffinity?: NonEmpty<PodRule>;
  /** Pods to be separated from. @default none; replicas are spread over nodes without it */
  readonly podAntiAffinity?: NonEmpty<PodRule>;
}

/** Node labels that define nearness. */
export const TOPOLOGY_LABELS: Readonly<Record<PodRule["within"], string>> = {
  node: "kubernetes.io/hostname",
  zone: "topology.kubernetes.io/zone",
};

/**
 * Affinity fields of a pod; undefined if there are none.
 * @throws Error on a weight that Kubernetes does not accept
 */
export function podAffinity(pod: string, spec: AffinitySpec): k8s.Affinity | undefined {
  const { nodeAffinity, podAffinity: near, podAntiAffinity: apart } = spec;
  const affinity: k8s.Affinity = {
    ...(nodeAffinity === undefined ? {} : { nodeAffinity: nodeTerms(pod, nodeAffinity) }),
    ...(near === undefined ? {} : { podAffinity: podTerms(pod, near) }),
    ...(apart === undefined ? {} : { podAntiAffinity: podTerms(pod, apart) }),
  };
  return Object.keys(affinity).length === 0 ? undefined : affinity;
}

function nodeTerms(pod: string, { required, preferred }: NodeAffinity): k8s.NodeAffinity {
  return {
    ...(required === undefined
      ? {}
      : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm(required)] } }),
    ...(preferred === undefined
      ? {}
      : {
          preferredDuringSchedulingIgnoredDuringExecution: preferred.map(({ rules, weight }) => ({
            weight: checkedWeight(pod, weight),
            preference: nodeTerm(rules),
          })),
        }),
  };
}

function nodeTerm(rules: NonEmpty<NodeRule>): k8s.NodeSelectorTerm {
  return { matchExpressions: [...mapNonEmpty(rules, nodeRequirement)] };
}

function nodeRequirement(rule: NodeRule): k8s.NodeSelectorRequirement {
  switch (rule.kind) {
    case "in":
      return { key: rule.key, operator: "In", values: [...rule.values] };
    case "notIn":
      return { key: rule.key, operator: "NotIn", values: [...rule.values] };
    case "exists":
      return { key: rule.key, operator: "Exists" };
    case "absent":
      return { key: rule.key, operator: "DoesNotExist" };
    default:
      return assertNever(rule);
  }
}

/** Affinity and anti-affinity have the same fields. */
function podTerms(pod: string, rules: NonEmpty<PodRule>): k8s.PodAffinity & k8s.PodAntiAffinity {
  const required = rules.filter(({ kind }) => kind === "required").map(podTerm);
  const preferred = rules.flatMap((rule) =>
    rule.kind === "preferred"
      ? [{ weight: checkedWeight(pod, rule.weight), podAffinityTerm: podTerm(rule) }]
      : [],
  );
  return {
    ...(required.length === 0 ? {} : { requiredDuringSchedulingIgnoredDuringExecution: required }),
    ...(preferred.length === 0 ? {} : { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
  };
}

function podTerm({ labels, within, namespaces }: PodRule): k8s.PodAffinityTerm {
  return {
    topologyKey: TOPOLOGY_LABELS[within],
    labelSelector: { matchLabels: { ...labels } },
    ...(namespaces === undefined ? {} : { namespaces: [...namespaces] }),
  };
}

function checkedWeight(pod: string, weight = 100): number {
  checkWhole(pod, "weight", weight, 1, 100);
  return weight;
}
