/** Deletion protection of a shared cluster: a resource whose deletion fails while a tenant is in it. */
import { setTimeout as pause } from "node:timers/promises";

import { failuresOf, refuseImport, sealed } from "../inputs";
import { containsUnknown, sameValue } from "../../provider-protocol";
import type {
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  LongRequest,
  PropertyMap,
  ReadRequest,
  ReadResult,
  ResourceHandler,
  UpdateRequest,
} from "../../provider-protocol";
import { isProbeFailure } from "../kubernetes-api/probe-failure";
import { stackOf } from "../urn";
import { droppedNamespaces, protectionInputs, PROTECTION_RULES } from "./inputs";
import type { ProtectionInputs, TenantNamespace } from "./inputs";
import { cannotCheck, occupiedNamespace, refusesDelete, refusesUpdate } from "./messages";
import type { OccupiedNamespace } from "./messages";
import { namespacePath } from "./probe";
import type { NamespaceObservation, NamespaceProbe } from "./probe";

/** Attempts for a namespace without an answer, and milliseconds between two checks and for one. */
export interface LookPace {
  readonly looks: number;
  readonly betweenLooks: number;
  readonly oneLook: number;
}

const PACE: LookPace = { looks: 3, betweenLooks: 2_000, oneLook: 10_000 };

/** @param probe checks the cluster: the real one by HTTPS, the built-in cloud's in its store */
export function tenantProtectionHandler(probe: NamespaceProbe, pace: LookPace = PACE): ResourceHandler {
  const protection = new Protection(probe, pace);
  return {
    check: ({ newInputs }) =>
      Promise.resolve({ inputs: sealed(newInputs), failures: failuresOf(PROTECTION_RULES, newInputs) }),
    diff: (request) => Promise.resolve(diff(request)),
    create: (request) => Promise.resolve(created(request)),
    read: (request) => Promise.resolve(read(request)),
    update: (request) => protection.update(request),
    delete: (request) => protection.delete(request),
  };
}

/**
 * Compares the tenants only: all other inputs describe how to query, and the engine keeps the newest inputs of an
 * unchanged resource, so a renewed kubeconfig is used and is not a change.
 */
function diff({ oldInputs, newInputs }: DiffRequest): DiffResult {
  if (sameValue(oldInputs["tenants"], newInputs["tenants"])) return { changes: {} };
  return { changes: { tenants: { change: "update", replace: false } } };
}

function created({ inputs, preview }: CreateRequest): CreateResult {
  return { id: preview ? "" : protectionInputs(inputs).cluster, outputs: {} };
}

function read({ id, inputs, state }: ReadRequest): ReadResult {
  refuseImport("TenantProtection", { inputs });
  return { id, inputs, outputs: state };
}

/** The namespaces that are in use, or why not all could be looked up. */
type Findings =
  | { readonly kind: "checked"; readonly found: readonly OccupiedNamespace[] }
  | { readonly kind: "unchecked"; readonly message: string };

class Protection {
  constructor(
    private readonly probe: NamespaceProbe,
    private readonly pace: LookPace,
  ) {}

  async delete(request: DeleteRequest): Promise<void> {
    const inputs = protectionInputs(request.inputs);
    const findings = await this.search(inputs, inputs.tenants, request, this.pace.looks);
    if (findings.kind === "unchecked") throw new Error(findings.message);
    if (findings.found.length > 0)
      throw new Error(refusesDelete(findings.found, inputs, stackOf(request.urn)));
  }

  /** A tenant that is no longer listed loses its rights when this run removes what is no longer declared. */
  async update(request: UpdateRequest): Promise<PropertyMap> {
    const { oldInputs, newInputs, preview, urn } = request;
    const dropped = containsUnknown(newInputs["tenants"]) ? [] : droppedNamespaces(oldInputs, newInputs);
    if (dropped.length === 0) return {};
    const inputs = protectionInputs(containsUnknown(newInputs["kubeconfig"]) ? oldInputs : newInputs);
    const findings = await this.search(inputs, dropped, request, preview ? 1 : this.pace.looks);
    if (findings.kind === "checked" && findings.found.length > 0)
      throw new Error(refusesUpdate(findings.found, inputs, stackOf(urn)));
    if (findings.kind === "unchecked") {
      // A preview needs no cluster.
      if (!preview) throw new Error(findings.message);
      request.log("warning", findings.message);
    }
    return {};
  }

  private async search(
    inputs: ProtectionInputs,
    tenants: readonly TenantNamespace[],
    request: LongRequest,
    looks: number,
  ): Promise<Findings> {
    const found: OccupiedNamespace[] = [];
    for (const asked of tenants) {
      const { seen, count } = await this.looked(inputs, asked.namespace, request, looks);
      if (seen.kind === "absent") continue;
      if (seen.kind === "present") {
        const lives = occupiedNamespace(inputs, asked.namespace, seen);
        if (lives !== undefined) found.push(lives);
        continue;
      }
      // One that was found is sufficient.
      if (found.length > 0) break;
      const path = namespacePath(asked.namespace);
      return {
        kind: "unchecked",
        message: cannotCheck({ asked, path, failure: seen, count }, inputs, request.urn),
      };
    }
    return { kind: "checked", found };
  }

  private async looked(
    { access, namespacesBy }: ProtectionInputs,
    namespace: string,
    request: LongRequest,
    looks: number,
  ): Promise<{ readonly seen: NamespaceObservation; readonly count: number }> {
    for (let count = 1; ; count++) {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(this.pace.oneLook)]);
      const listObjects = namespacesBy === "owner";
      const seen = await this.probe({ access, namespace, listObjects, signal });
      request.signal.throwIfAborted();
      if (!isProbeFailure(seen) || seen.kind === "refused" || count >= looks) return { seen, count };
      request.log("info", `${seen.answer} (${count} of ${looks} times)`, { status: true });
      await pause(this.pace.betweenLooks, undefined, { signal: request.signal });
    }
  }
}
