/** Injected failures, for tests and for operators who want to see a failure. They wrap any package. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { PartialFailure } from "../provider-protocol";
import type {
  ConfiguredPackage,
  CreateResult,
  LongRequest,
  PackageHandler,
  ResourceHandler,
} from "../provider-protocol";

export type FaultOperation = "create" | "read" | "update" | "delete";

/**
 * - `before`: fails without having done anything.
 * - `halfway`: the work is done, then reported as failed: the engine records the resource as not yet well.
 * - `lost`: the work is done, but the answer is lost, as by a crash: the engine knows nothing of it.
 * - `stalled`: nothing is done, and no answer is sent: to kill a run after a request and before the work.
 * - `unanswered`: the work is done, and no answer is sent: to kill a run between the work and its record.
 */
export type FaultMoment = "before" | "halfway" | "lost" | "stalled" | "unanswered";

export interface Fault {
  /** Type token. */
  readonly type: string;
  /** Only the resource of this name. @default any */
  readonly name?: string;
  /** @default "create" */
  readonly operation?: FaultOperation;
  /** Number of the matching operation of this process that fails, from 1. @default 1 */
  readonly nth?: number;
  /** @default "before" */
  readonly when?: FaultMoment;
  /** @default "fault injected" */
  readonly message?: string;
  /** File that is written when a `stalled` or `unanswered` operation has reached its moment. @default none */
  readonly markerFile?: string;
}

export interface Faults {
  readonly faults?: readonly Fault[];
  /**
   * Every operation on a resource takes at least this long: half of it before the work, half of it after, as a plugin
   * waits for what it has made. @default 0
   */
  readonly latencyMilliseconds?: number;
}

/** The package, with these failures. */
export function withFaults(handler: PackageHandler, faults: Faults): PackageHandler {
  const injector = new Injector(faults);
  return {
    ...handler,
    name: handler.name,
    version: handler.version,
    configure: async (config) => faultyPackage(await handler.configure(config), injector),
  };
}

function faultyPackage(configured: ConfiguredPackage, injector: Injector): ConfiguredPackage {
  return {
    resource: (type) => {
      const handler = configured.resource(type);
      return handler === undefined ? undefined : faultyResource(handler, injector);
    },
    ...(configured.invoke === undefined ? {} : { invoke: configured.invoke.bind(configured) }),
    ...(configured.cancel === undefined ? {} : { cancel: configured.cancel.bind(configured) }),
  };
}

function faultyResource(handler: ResourceHandler, injector: Injector): ResourceHandler {
  return {
    check: (request) => handler.check(request),
    diff: (request) => handler.diff(request),
    create: (request) =>
      request.preview
        ? handler.create(request)
        : injector.run(
            "create",
            request,
            () => handler.create(request),
            (made) => made,
          ),
    read: (request) => injector.run("read", request, () => handler.read(request), noTrace),
    update: (request) =>
      request.preview
        ? handler.update(request)
        : injector.run(
            "update",
            request,
            () => handler.update(request),
            (outputs) => ({ id: request.id, outputs }),
          ),
    delete: (request) => injector.run("delete", request, () => handler.delete(request), noTrace),
  };
}

function noTrace(): undefined {
  return undefined;
}

/** Until the engine gives up. */
function endless({ markerFile }: Fault, signal: AbortSignal): Promise<never> {
  if (markerFile !== undefined) writeFileSync(markerFile, "");
  return new Promise((_, reject) => {
    const end = () => reject(new Error("the engine waits no longer"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

class Injector {
  readonly #seen = new Map<Fault, number>();

  constructor(private readonly faults: Faults) {}

  /** @param trace what a half-done operation leaves for the engine to record, if anything */
  async run<Result>(
    operation: FaultOperation,
    request: LongRequest,
    work: () => Promise<Result>,
    trace: (result: Result) => CreateResult | undefined,
  ): Promise<Result> {
    const due = this.#due(operation, request);
    const half = (this.faults.latencyMilliseconds ?? 0) / 2;
    if (half > 0) await sleep(half, undefined, { signal: request.signal });
    if (due === undefined) {
      const result = await work();
      // What was created is reported, even if the engine no longer waits.
      if (half > 0) await sleep(half, undefined, { signal: request.signal }).catch(() => undefined);
      return result;
    }
    const message = due.message ?? "fault injected";
    if (due.when === "stalled") return endless(due, request.signal);
    if ((due.when ?? "before") === "before") throw new Error(message);
    const left = trace(await work());
    if (due.when === "unanswered") return endless(due, request.signal);
    if (due.when === "halfway" && left !== undefined)
      throw new PartialFailure(left.id, left.outputs, [message]);
    throw new Error(message);
  }

  #due(operation: FaultOperation, { type, name }: LongRequest): Fault | undefined {
    let due: Fault | undefined;
    for (const fault of this.faults.faults ?? []) {
      const matches =
        fault.type === type && (fault.operation ?? "create") === operation && (fault.name ?? name) === name;
      if (!matches) continue;
      const seen = (this.#seen.get(fault) ?? 0) + 1;
      this.#seen.set(fault, seen);
      if (seen === (fault.nth ?? 1)) due ??= fault;
    }
    return due;
  }
}
