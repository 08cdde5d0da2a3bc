/** What an operation of the engine did to OpenStack's resources, and when. */
import type { EngineEvent } from "@pulumi/pulumi/automation";

import type { Changes, RunOptions } from "../../../rehearsal/engine";

export interface Step {
  /** The engine's word: `create`, `update`, `delete`, `create-replacement`, `delete-replaced`, … */
  readonly operation: string;
  /** In the program: `server/workers.general/0`. */
  readonly name: string;
  readonly urn: string;
  /** Seconds since the operation began. */
  readonly began: number;
  /** Absent if it failed, or was not ended. */
  readonly ended?: number;
}

export interface Done {
  /** By the engine's words; other packages' resources and components included. */
  readonly changes: Changes;
  /** Of OpenStack's resources, in the order in which they began; nothing of those that stay the same. */
  readonly steps: readonly Step[];
  readonly seconds: number;
}

/** How a test takes part in an operation. */
export interface Watch {
  /** Told each step as it begins: `create server/workers.general/0`. */
  readonly onStep?: (step: string) => void;
  readonly signal?: AbortSignal;
}

/** The steps as text in the order in which they began: `create server/workers.general/0`. */
export function begun({ steps }: Pick<Done, "steps">): readonly string[] {
  return steps.map(textOf);
}

/** Says for the record how long an operation took. */
export function report(project: string, operation: string, { seconds, changes }: Done): void {
  process.stderr.write(`  ${project}: ${operation} ${seconds.toFixed(1)} s ${JSON.stringify(changes)}\n`);
}

/** Runs an operation and writes down its steps. */
export async function watched(
  operate: (run: RunOptions) => Promise<{ readonly changes: Changes }>,
  watch: Watch = {},
): Promise<Done> {
  const record = new Recorder(watch.onStep);
  const signal = watch.signal === undefined ? {} : { signal: watch.signal };
  const { changes } = await operate({ onEvent: (event) => record.take(event), ...signal });
  return { changes, steps: record.steps, seconds: record.now() };
}

class Recorder {
  readonly #start = Date.now();
  readonly #steps: Step[] = [];

  constructor(private readonly onStep: (step: string) => void = () => undefined) {}

  get steps(): readonly Step[] {
    return this.#steps;
  }

  now(): number {
    return (Date.now() - this.#start) / 1000;
  }

  take({ resourcePreEvent, resOutputsEvent }: EngineEvent): void {
    if (resourcePreEvent !== undefined) this.#begin(resourcePreEvent.metadata);
    if (resOutputsEvent !== undefined) this.#end(resOutputsEvent.metadata);
  }

  #begin({ type, op, urn }: Metadata): void {
    if (!type.startsWith("openstack:") || op === "same") return;
    const step = { operation: op, name: urn.split("::").slice(3).join("::"), urn, began: this.now() };
    this.#steps.push(step);
    this.onStep(textOf(step));
  }

  #end({ op, urn }: Metadata): void {
    const index = this.#steps.findIndex((each) => each.urn === urn && each.operation === op);
    const step = this.#steps[index];
    if (step !== undefined) this.#steps[index] = { ...step, ended: this.now() };
  }
}

interface Metadata {
  readonly type: string;
  readonly op: string;
  readonly urn: string;
}

function textOf({ operation, name }: Step): string {
  return `${operation} ${name}`;
}
