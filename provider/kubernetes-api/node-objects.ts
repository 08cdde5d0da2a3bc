/** What Node and Pod objects say about a node: whether it is ready, and which of its pods belong elsewhere. */
import type { MovablePod } from "../server-ready/nodes";
import { fieldOf, listOf, textOf } from "./json-fields";

/** Set by a kubelet on pods that it runs from a file. Source: k8s.io/kubernetes, pkg/kubelet/types. */
const MIRROR = "kubernetes.io/config.mirror";

export function isReady(node: unknown): boolean {
  const conditions = listOf(fieldOf(fieldOf(node, "status"), "conditions"));
  return conditions.some((each) => textOf(each, "type") === "Ready" && textOf(each, "status") === "True");
}

/**
 * A DaemonSet's pod would be recreated on the same node; a mirror pod comes from a file; a terminated one need not
 * move.
 */
export function movable(pod: unknown): readonly MovablePod[] {
  const metadata = fieldOf(pod, "metadata");
  const mirror = fieldOf(fieldOf(metadata, "annotations"), MIRROR) !== undefined;
  const ended = ["Succeeded", "Failed"].includes(textOf(fieldOf(pod, "status"), "phase"));
  if (mirror || ended || isDaemon(pod)) return [];
  return [
    {
      ...identityOf(pod),
      terminating: textOf(metadata, "deletionTimestamp") !== "",
      controlled: controllerOf(pod) !== undefined,
    },
  ];
}

export function identityOf(pod: unknown): Pick<MovablePod, "namespace" | "name" | "uid"> {
  const metadata = fieldOf(pod, "metadata");
  return {
    namespace: textOf(metadata, "namespace"),
    name: textOf(metadata, "name"),
    uid: textOf(metadata, "uid"),
  };
}

function controllerOf(pod: unknown): unknown {
  const owners = listOf(fieldOf(fieldOf(pod, "metadata"), "ownerReferences"));
  return owners.find((each) => fieldOf(each, "controller") === true);
}

export function isDaemon(pod: unknown): boolean {
  return textOf(controllerOf(pod), "kind") === "DaemonSet";
}
