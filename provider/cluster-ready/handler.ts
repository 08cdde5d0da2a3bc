/** The gate: a resource whose creation waits until a cluster's API answers, for resources that depend on it. */
import { setTimeout as pause } from "node:timers/promises";

import { sameValue, UNKNOWN } from "../../provider-protocol";
import type {
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  LongRequest,
  PropertyDiff,
  PropertyMap,
  ReadRequest,
  ReadResult,
  ResourceHandler,
  UpdateRequest,
} from "../../provider-protocol";
import { failuresOf, refuseImport, sealed } from "../inputs";
import { timeoutText } from "./messages";
import type { Attempts } from "./messages";
import { gateInputs, GATE_RULES } from "./inputs";
import type { GateInputs } from "./inputs";
import type { Observation, Probe } from "./probe";

/** Milliseconds between two checks, for one check, and until a refusal is final. */
export interface Pace {
  readonly betweenLooks: number;
  readonly oneLook: number;
  /** A starting control plane refuses for a while: RBAC is loaded after the API answers. */
  readonly refusedFor: number;
}

const PACE: Pace = { betweenLooks: 2_000, oneLook: 10_000, refusedFor: 60_000 };

/** Inputs whose change makes the gate wait again; the others only describe how to wait, or renew credentials. */
const WAITS_AGAIN = ["triggers", "wants"];

const OUTPUTS = ["ready", "serverVersion", "clusterId"];

/** @param probe checks the cluster: the real one by HTTPS, the built-in cloud's in its store */
export function clusterReadyHandler(probe: Probe, pace: Pace = PACE): ResourceHandler {
  const gate = new Gate(probe, pace);
  return {
    check: ({ newInputs }) =>
      Promise.resolve({ inputs: sealed(newInputs), failures: failuresOf(GATE_RULES, newInputs) }),
    diff: (request) => Promise.resolve(diff(request)),
    create: (request) => gate.create(request),
    read: (request) => gate.read(request),
    update: (request) => gate.update(request),
    delete: () => Promise.resolve(),
  };
}

/**
 * A renewed kubeconfig is not a change: else renewing a certificate would affect all dependents of the gate. Nor is
 * another name: the cluster's own id identifies it.
 */
function diff({ oldInputs, newInputs }: DiffRequest): DiffResult {
  const changes: Record<string, PropertyDiff> = {};
  for (const name of WAITS_AGAIN) {
    const [before, after] = [oldInputs[name] ?? null, newInputs[name] ?? null];
    if (sameValue(before, after)) continue;
    const change = before === null ? "add" : after === null ? "delete" : "update";
    changes[name] = { change, replace: false };
  }
  return { changes, stables: OUTPUTS };
}

type Ready = Extract<Observation, { readonly kind: "ready" }>;

class Gate {
  constructor(
    private readonly probe: Probe,
    private readonly pace: Pace,
  ) {}

  async create(request: CreateRequest): Promise<CreateResult> {
    if (request.preview)
      return { id: "", outputs: { ready: true, serverVersion: UNKNOWN, clusterId: UNKNOWN } };
    const seen = await this.opened(request, gateInputs(request.inputs));
    return { id: seen.clusterId, outputs: outputs(seen) };
  }

  async update(request: UpdateRequest): Promise<PropertyMap> {
    if (request.preview) return request.oldState;
    const seen = await this.opened(request, gateInputs(request.newInputs));
    this.compare(request, request.id, seen);
    return outputs(seen);
  }

  /** A cluster that does not answer keeps its state: a short outage is no reason to recreate it. */
  async read(request: ReadRequest): Promise<ReadResult> {
    const { id, inputs, state } = request;
    refuseImport("ClusterReady", { inputs });
    const seen = await this.look(gateInputs(inputs), request.signal);
    if (seen.kind === "ready") {
      this.compare(request, id, seen);
      return { id, inputs, outputs: outputs(seen) };
    }
    request.log("warning", `the Kubernetes API does not answer as it should: ${seen.answer}`);
    return { id, inputs, outputs: state };
  }

  /** Waits until the cluster is ready. @throws with what to do if it is not in time */
  private async opened(request: LongRequest, inputs: GateInputs): Promise<Ready> {
    const started = Date.now();
    const seconds = request.timeoutSeconds ?? inputs.timeoutSeconds;
    let refusedSince: number | undefined;
    for (let count = 1; ; count++) {
      // The timeout does not interrupt a check: the error reports its answer.
      const seen = await this.look(inputs, request.signal);
      request.signal.throwIfAborted();
      if (seen.kind === "ready") return seen;
      const now = Date.now();
      refusedSince = seen.kind === "refused" ? (refusedSince ?? now) : undefined;
      const final = refusedSince !== undefined && now - refusedSince >= this.pace.refusedFor;
      const late = now + this.pace.betweenLooks >= started + seconds * 1000;
      const attempts: Attempts = { count, seconds: Math.round((now - started) / 1000), last: seen };
      if (final || late) throw new Error(timeoutText(inputs, attempts));
      request.log("info", `${seen.answer} (${attempts.seconds} of ${seconds} s)`, { status: true });
      await pause(this.pace.betweenLooks, undefined, { signal: request.signal });
    }
  }

  private look(inputs: GateInputs, signal: AbortSignal): Promise<Observation> {
    const { access, nodes } = inputs;
    const time = AbortSignal.timeout(this.pace.oneLook);
    return this.probe({ access, nodes, signal: AbortSignal.any([signal, time]) });
  }

  private compare(request: LongRequest, id: string, { clusterId }: Ready): void {
    if (clusterId !== id)
      request.log(
        "warning",
        `this is another cluster than last time (${clusterId}, not ${id}): run refresh, so that what was in the old one is recreated`,
      );
  }
}

function outputs({ serverVersion, clusterId }: Ready): PropertyMap {
  return { ready: true, serverVersion, clusterId };
}
