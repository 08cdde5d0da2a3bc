/**
 * Drains a node and removes it from its cluster, as `kubectl drain` and `kubectl delete node` do, before its server is
 * deleted.
 */
import { setTimeout as pause } from "node:timers/promises";

import type { NodeOwner } from "../etcd/member-gate";
import type { LongRequest } from "../../provider-protocol";
import { isProbeFailure, type ProbeFailure } from "../kubernetes-api/probe-failure";
import { stackOf } from "../urn";
import type { NodeInputs } from "./inputs";
import { cannotDrain, notEmpty } from "./messages";
import type { RemainingPod } from "./messages";
import type { Nodes, NodeTarget, MovablePod } from "./nodes";

/** Milliseconds between two checks and for one request, and attempts for a request without an answer. */
export interface NodePace {
  readonly betweenLooks: number;
  readonly oneLook: number;
  readonly looks: number;
}

/**
 * Returns when the node is deleted, or never existed.
 * @returns whether it was the server's own, as far as is known
 * @throws with the remaining pods after the timeout; it stays cordoned, and another attempt continues from there
 */
export async function drain(
  inputs: NodeInputs,
  request: LongRequest,
  nodes: Nodes,
  pace: NodePace,
): Promise<NodeOwner> {
  const work = new Drain(inputs, request, nodes, pace);
  const found = await work.retried((target) => nodes.find(target));
  if (found.kind === "absent") return "own";
  if (isOfAnother(found.providerId, inputs.serverId)) {
    request.log("info", `node ${inputs.node} is already that of another server (${found.providerId})`);
    return "of another server";
  }
  await work.retried((target) => nodes.cordon(target));
  await work.evictAll();
  await work.retried((target) => nodes.remove(target, found.uid));
  return "own";
}

/** A cloud controller writes `openstack:///<id>`, or `openstack://<region>/<id>`. */
function isOfAnother(providerId: string, serverId: string): boolean {
  return providerId.startsWith("openstack://") && !providerId.endsWith(`/${serverId}`);
}

class Drain {
  readonly #warned = new Set<string>();

  constructor(
    private readonly inputs: NodeInputs,
    private readonly request: LongRequest,
    private readonly nodes: Nodes,
    private readonly pace: NodePace,
  ) {}

  /** An answer, after a few tries. @throws if there is none */
  async retried<Answer extends { readonly kind: string }>(
    ask: (target: NodeTarget) => Promise<Answer | ProbeFailure>,
  ): Promise<Answer> {
    const { request, pace, inputs } = this;
    for (let count = 1; ; count++) {
      const answer = await ask(this.target());
      request.signal.throwIfAborted();
      if (!isProbeFailure(answer)) return answer;
      if (answer.kind === "refused" || count >= pace.looks)
        throw new Error(cannotDrain(answer, inputs, stackOf(request.urn)));
      await pause(pace.betweenLooks, undefined, { signal: request.signal });
    }
  }

  /** Evicts until no pod is left: evictions that a budget prevents are retried, as others become possible. */
  async evictAll(): Promise<void> {
    const { request, pace, inputs } = this;
    const until = Date.now() + (request.timeoutSeconds ?? inputs.drainSeconds) * 1000;
    for (;;) {
      const { pods } = await this.retried((target) => this.nodes.pods(target));
      if (pods.length === 0) return;
      this.warn(pods);
      const left: RemainingPod[] = [];
      for (const pod of pods)
        left.push({ pod: `${pod.namespace}/${pod.name}`, why: await this.evicted(pod) });
      if (Date.now() + pace.betweenLooks >= until)
        throw new Error(notEmpty(left, inputs, stackOf(request.urn)));
      request.log("info", `${left.length} pods left on node ${inputs.node}`, { status: true });
      await pause(pace.betweenLooks, undefined, { signal: request.signal });
    }
  }

  /** Why the pod still exists. */
  private async evicted(pod: MovablePod): Promise<string> {
    if (pod.terminating) return "is ending: its containers use their grace period, or a finalizer holds it";
    const answer = await this.retried((target) => this.nodes.evict(target, pod));
    return answer.kind === "blocked" ? `is not evicted: ${answer.by}` : "was evicted just now";
  }

  private warn(pods: readonly MovablePod[]): void {
    for (const { namespace, name, controlled } of pods) {
      const pod = `${namespace}/${name}`;
      if (controlled || this.#warned.has(pod)) continue;
      this.#warned.add(pod);
      this.request.log(
        "warning",
        `${pod} has no controller: nothing recreates it when node ${this.inputs.node} is gone`,
      );
    }
  }

  private target(): NodeTarget {
    const signal = AbortSignal.any([this.request.signal, AbortSignal.timeout(this.pace.oneLook)]);
    return { ...this.inputs, signal };
  }
}
