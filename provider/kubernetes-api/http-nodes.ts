/** Nodes of a real cluster: HTTPS to its API server. */
import { ask, get, isNotFound, failureOf, unexpectedAnswer } from "./http-api";
import type { Answer } from "./http-api";
import { fieldOf, json, listOf, textOf } from "./json-fields";
import { identityOf, isDaemon, isReady, movable } from "./node-objects";
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
      const removed = done(await remove(nodePath(target), { preconditions: { uid } }, target));
      return removed.kind === "done" ? endDaemons(target) : removed;
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
  return {
    kind: "present",
    uid: textOf(metadata, "uid"),
    ready: isReady(node),
    providerId: textOf(fieldOf(node, "spec"), "providerID"),
  };
}

async function podsOn(target: NodeTarget): Promise<PodsObservation> {
  const seen = await itemsOn(target);
  return seen.kind === "items" ? { kind: "pods", pods: seen.items.flatMap(movable) } : seen;
}

async function itemsOn(
  target: NodeTarget,
): Promise<{ readonly kind: "items"; readonly items: readonly unknown[] } | ProbeFailure> {
  const selector = encodeURIComponent(`spec.nodeName=${target.node}`);
  const answer = await get(target.access, `/api/v1/pods?fieldSelector=${selector}`, target.signal);
  if (answer.status !== 200) return unexpectedAnswer(answer, "pods");
  return { kind: "items", items: listOf(fieldOf(json(answer.body), "items")) };
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

/**
 * Deletes the pods of DaemonSets that are left, at once, as the control plane does it 40 to 60 seconds later. A server
 * recreated sooner has the same node name, and a pod of the one before that ended with it would hold the place of the new
 * one: the controller of DaemonSets in 1.36 looks at a new node only if no pod is assigned to it.
 */
async function endDaemons(target: NodeTarget): Promise<Done> {
  const seen = await itemsOn(target);
  if (seen.kind !== "items") return seen;
  for (const pod of seen.items.filter(isDaemon)) {
    const { namespace, name, uid } = identityOf(pod);
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
    const answer = await remove(path, { gracePeriodSeconds: 0, preconditions: { uid } }, target);
    // 409: another pod of the same name has replaced it.
    if (answer.status === 409) continue;
    const ended = done(answer, "pods, or may not delete them");
    if (ended.kind !== "done") return ended;
  }
  return { kind: "done" };
}

function remove(path: string, options: object, { access, signal }: NodeTarget): Promise<Answer> {
  const body = { apiVersion: "v1", kind: "DeleteOptions", ...options };
  return ask(access, { method: "DELETE", path, body }, signal);
}

function done(answer: Answer, what = "nodes, or may not change them"): Done {
  const fine = answer.status === 200 || answer.status === 202 || isNotFound(answer);
  return fine ? { kind: "done" } : unexpectedAnswer(answer, what);
}
