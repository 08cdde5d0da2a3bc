/**
 * The gate of a server: created last and deleted first when a server is replaced. Resources that wait for it find the
 * server ready. Its delete drains the node, and removes an etcd member that would never answer again. Removing
 * everything drains nothing: the program declares the gate as deleted with the environment's Rollout.
 */
import { setTimeout as pause } from "node:timers/promises";

import type { NodeOwner, MemberGate } from "../etcd/member-gate";
import { refuseImport, sealed, text } from "../inputs";
import { sameValue } from "../../provider-protocol";
import type {
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  LongRequest,
  ReadRequest,
  ReadResult,
  ResourceHandler,
} from "../../provider-protocol";
import { drain, type NodePace } from "./drain";
import { nodeInputs, serverFailures } from "./inputs";
import type { NodeInputs } from "./inputs";
import { nodeText, notBack, SKIP_DRAIN } from "./messages";
import type { Nodes } from "./nodes";

const PACE: NodePace = { betweenLooks: 2_000, oneLook: 10_000, looks: 3 };

/** Dependencies of a gate. */
export interface GateOptions {
  /** Accesses the cluster: the real one by HTTPS, the built-in cloud's in its store. */
  readonly nodes: Nodes;
  /** How to treat control planes' members of etcd. */
  readonly memberGate: MemberGate;
  /** @default a check every 2 s of at most 10 s, three if there is no answer */
  readonly pace?: NodePace | undefined;
  /** Names of nodes that are not drained, as the user set it for this run. @default none */
  readonly skipDrain?: readonly string[] | undefined;
}

export function serverReadyHandler({
  nodes,
  memberGate,
  pace = PACE,
  skipDrain = [],
}: GateOptions): ResourceHandler {
  const gate = new Gate(nodes, memberGate, pace, skipDrain);
  return {
    check: ({ newInputs }) =>
      Promise.resolve({ inputs: sealed(newInputs), failures: serverFailures(newInputs) }),
    diff: (request) => Promise.resolve(diff(request)),
    create: (request) => gate.create(request),
    read: (request) => Promise.resolve(read(request)),
    update: ({ oldState }) => Promise.resolve(oldState),
    delete: (request) => gate.delete(request),
  };
}

/**
 * Only another server requires another gate. All other inputs describe how to query, and the engine keeps the newest
 * inputs of an unchanged resource: a renewed kubeconfig is used, and is not a change.
 */
function diff({ oldInputs, newInputs }: DiffRequest): DiffResult {
  if (sameValue(oldInputs["serverId"], newInputs["serverId"])) return { changes: {} };
  // The old one is deleted first: once the new server is a node, its name refers to the new node.
  return { changes: { serverId: { change: "update", replace: true } }, deleteBeforeReplace: true };
}

function read({ id, inputs, state }: ReadRequest): ReadResult {
  refuseImport("ServerReady", { inputs });
  return { id, inputs, outputs: state };
}

class Gate {
  constructor(
    private readonly nodes: Nodes,
    private readonly memberGate: MemberGate,
    private readonly pace: NodePace,
    private readonly skipDrain: readonly string[],
  ) {}

  async create(request: CreateRequest): Promise<CreateResult> {
    const { inputs, preview } = request;
    const { serverId } = inputs;
    if (preview) return { id: "", outputs: {} };
    const node = nodeInputs(inputs);
    if (node?.awaits === "ready") {
      await this.back(node, request);
      await this.memberGate.waitUntilBack(node.node, request, request.timeoutSeconds ?? node.readySeconds);
    }
    return { id: text(serverId), outputs: {} };
  }

  async delete(request: DeleteRequest): Promise<void> {
    const node = nodeInputs(request.inputs);
    if (node !== undefined) await this.memberGate.leave(node, request, () => this.emptied(node, request));
  }

  private async emptied(node: NodeInputs, request: DeleteRequest): Promise<NodeOwner> {
    if (!this.skipDrain.includes(node.node)) return drain(node, request, this.nodes, this.pace);
    request.log("warning", `node ${node.node} is not emptied: ${SKIP_DRAIN} names it`);
    return "own";
  }

  /** Waits until the server is a Ready node. @throws with what to look at if it is not in time */
  private async back(inputs: NodeInputs, request: LongRequest): Promise<void> {
    const until = Date.now() + (request.timeoutSeconds ?? inputs.readySeconds) * 1000;
    for (;;) {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(this.pace.oneLook)]);
      const seen = await this.nodes.find({ ...inputs, signal });
      request.signal.throwIfAborted();
      if (seen.kind === "present" && seen.ready) return;
      if (Date.now() + this.pace.betweenLooks >= until) throw new Error(notBack(seen, inputs));
      request.log("info", `node ${inputs.node}: ${nodeText(seen)}`, { status: true });
      await pause(this.pace.betweenLooks, undefined, { signal: request.signal });
    }
  }
}
