/** Which nodes pods must or should have, by the labels of nodes and by the pods that are there. */
import type { k8s } from "cdk8s-plus-27";
import { mapNonEmpty, type NonEmpty } from "../environment/non-empty";
import { assertNever } from "../errors/assert-never";
import type { Labels } from "./names";
import { checkWhole } from "./numbers";

/** What has to be true of one label of a node. */
export type NodeRule =
  | { readonly kind: "in" | "notIn"; readonly key: string; readonly values: NonEmpty<string> }
  | { readonly kind: "exists" | "absent"; readonly key: string };

/** Label of every worker: the key of its pool in `servers.workers`. A node cannot give it to itself. */
export const NODE_POOL_LABEL = "node-restriction.kubernetes.io/pool";

/**
 * Workers of these pools, by their keys in `servers.workers`.
 * @example nodeAffinity: { required: [onPools("gpu")] }
 */
export function onPools(...pools: NonEmpty<string>): NodeRule {
  return { kind: "in", key: NODE_POOL_LABEL, values: pools };
}

/** Which nodes pods need, and which they prefer. */
export interface NodeAffinity {
  /** Where one of these is not true of any node, the pod waits. @default none */
  readonly required?: NonEmpty<NodeRule>;
  /** Nodes for which the sum of the weights is highest come first. @default none */
  readonly preferred?: NonEmpty<NodePreference>;
}

/** Nodes that are better than others. */
export interface NodePreference {
  readonly rules: NonEmpty<NodeRule>;
  /** Against other preferences, 1 to 100. @default 100 */
  readonly weight?: number;
}

/** A rule about other pods: that they are there already, or that they are not. */
export type PodRule = {
  /** All labels that the other pods have; a workload's pods by `selectorOf({ name })`. */
  readonly labels: Labels;
  /** How near counts: on the same node, or anywhere in the same zone. Nodes without a zone never count. */
  readonly within: "node" | "zone";
  /** Where the other pods are. @default the pod's own namespace */
  readonly namespaces?: NonEmpty<string>;
} & (
  | { readonly kind: "required" }
  | {
      readonly kind: "preferred";
      /** Against other preferences, 1 to 100. @default 100 */
      readonly weight?: number;
    }
);

export interface AffinitySpec {
  /** @default any node */
  readonly nodeAffinity?: NodeAffinity;
  /** Pods to be near to. @default none */
  readonly podAffinity?: NonEmpty<PodRule>;
  /** Pods to keep apart from. @default none; replicas are spread over nodes without it */
  readonly podAntiAffinity?: NonEmpty<PodRule>;
}

/** Labels by which nodes are near to each other. */
export const TOPOLOGY_LABELS: Readonly<Record<PodRule["within"], string>> = {
  node: "kubernetes.io/hostname",
  zone: "topology.kubernetes.io/zone",
};

/**
 * As a pod carries them; undefined where there are none.
 * @throws Error on a weight that Kubernetes does not take
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
