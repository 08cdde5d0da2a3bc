/** Nodes of a real cluster: HTTPS to its API server. */
import { ask, fieldOf, get, isNotFound, json, textOf, failureOf, unexpectedAnswer } from "./http-api";
import type { Answer } from "./http-api";
import type {
  Done,
  Eviction,
  Nodes,
  NodeObservation,
  NodeTarget,
  MovablePod,
  PodsObservation,
} from "../server-ready/nodes";
import type { ProbeFailure } from "./probe-failure";

/** Set by a kubelet on pods that it runs from a file. Source: k8s.io/kubernetes, pkg/kubelet/types. */
const MIRROR = "kubernetes.io/config.mirror";

export const httpNodes: Nodes = {
  find: (target) =>
    answered(target, async () => {
      const answer = await get(target.access, nodePath(target), target.signal);
      if (isNotFound(answer)) return { kind: "absent" };
      return answer.status === 200 ? nodeSeen(json(answer.body), target) : unexpectedAnswer(answer, "nodes");
    }),
  cordon: (target) =>
    answered(target, async () => {
      const body = { spec: { unschedulable: true } };
      return done(await ask(target.access, { method: "PATCH", path: nodePath(target), body }, target.signal));
    }),
  pods: (target) => answered(target, () => podsOn(target)),
  evict: (target, pod) => answered(target, () => evict(target, pod)),
  remove: (target, uid) =>
    answered(target, async () => {
      const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } };
      return done(
        await ask(target.access, { method: "DELETE", path: nodePath(target), body }, target.signal),
      );
    }),
};

async function answered<Result>(
  { access }: NodeTarget,
  work: () => Promise<Result | ProbeFailure>,
): Promise<Result | ProbeFailure> {
  try {
    return await work();
  } catch (error) {
    return failureOf(error, access);
  }
}

function nodePath({ node }: NodeTarget): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}`;
}

/** A 200 answer that is not this node, such as a portal's, is not conclusive. */
function nodeSeen(node: unknown, target: NodeTarget): NodeObservation {
  const metadata = fieldOf(node, "metadata");
  if (textOf(metadata, "name") !== target.node) return { kind: "waiting", answer: "this is no node" };
  const conditions = listOf(fieldOf(fieldOf(node, "status"), "conditions"));
  return {
    kind: "present",
    uid: textOf(metadata, "uid"),
    ready: conditions.some((each) => textOf(each, "type") === "Ready" && textOf(each, "status") === "True"),
    providerId: textOf(fieldOf(node, "spec"), "providerID"),
  };
}

async function podsOn(target: NodeTarget): Promise<PodsObservation> {
  const selector = encodeURIComponent(`spec.nodeName=${target.node}`);
  const answer = await get(target.access, `/api/v1/pods?fieldSelector=${selector}`, target.signal);
  if (answer.status !== 200) return unexpectedAnswer(answer, "pods");
  return { kind: "pods", pods: listOf(fieldOf(json(answer.body), "items")).flatMap(movable) };
}

/**
 * A DaemonSet's pod would be recreated on the same node; a mirror pod comes from a file; a terminated one need not
 * move.
 */
function movable(pod: unknown): readonly MovablePod[] {
  const metadata = fieldOf(pod, "metadata");
  const mirror = fieldOf(fieldOf(metadata, "annotations"), MIRROR) !== undefined;
  const controller = listOf(fieldOf(metadata, "ownerReferences")).find(
    (each) => fieldOf(each, "controller") === true,
  );
  const ended = ["Succeeded", "Failed"].includes(textOf(fieldOf(pod, "status"), "phase"));
  if (mirror || ended || textOf(controller, "kind") === "DaemonSet") return [];
  return [
    {
      namespace: textOf(metadata, "namespace"),
      name: textOf(metadata, "name"),
      uid: textOf(metadata, "uid"),
      terminating: textOf(metadata, "deletionTimestamp") !== "",
      controlled: controller !== undefined,
    },
  ];
}

async function evict(
  { access, signal }: NodeTarget,
  { namespace, name, uid }: MovablePod,
): Promise<Eviction> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`;
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  const answer = await ask(access, { method: "POST", path, body }, signal);
  const { status } = answer;
  // 409: another pod of the same name has replaced it.
  if (status === 200 || status === 201 || status === 409 || isNotFound(answer)) return { kind: "evicted" };
  const text = budgetText(json(answer.body));
  // 429: a budget is exhausted. 500 with a Status: several budgets apply to the pod, which the API does not support.
  if (text !== "" && (status === 429 || status === 500)) return { kind: "blocked", by: text };
  return unexpectedAnswer(answer, "evictions (create pods/eviction)");
}

/** "The disruption budget web needs 1 healthy pods and has 1 currently", or the message around it. */
function budgetText(status: unknown): string {
  const [cause] = listOf(fieldOf(fieldOf(status, "details"), "causes"));
  return textOf(cause, "message") || textOf(status, "message");
}

function done(answer: Answer): Done {
  const fine = answer.status === 200 || answer.status === 202 || isNotFound(answer);
  return fine ? { kind: "done" } : unexpectedAnswer(answer, "nodes, or may not change them");
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
