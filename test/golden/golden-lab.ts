/** A small lab of every kind of thing on the built-in cloud, and what the engine would make of changes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { parse } from "yaml";

import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import { Engine, type RunOptions } from "../../rehearsal/engine";
import { program } from "../../stack/program";
import { pulumiExecutable } from "../rehearsal/engine-lab";

export type Json = { readonly [key: string]: unknown };

export const STACK = "golden";
const PROVIDERS = ["kubernetes", "labstead", "openstack"];

/** `labstead:environment` of a stack file. */
export function environmentIn(file: string): Json {
  const content = parse(readFileSync(file, "utf8")) as { readonly config: Json };
  return content.config["labstead:environment"] as Json;
}

/** A copy with the value at each path (`servers.bastion.flavor`) set; undefined takes it away. */
export function changed(environment: Json, changes: Json): Json {
  return Object.entries(changes).reduce(
    (all, [path, value]) => set(all, path.split("."), value),
    environment,
  );
}

function set(into: Json, [key = "", ...rest]: readonly string[], value: unknown): Json {
  if (rest.length > 0) return { ...into, [key]: set((into[key] ?? {}) as Json, rest, value) };
  if (value !== undefined) return { ...into, [key]: value };
  return Object.fromEntries(Object.entries(into).filter(([name]) => name !== key));
}

/** What a run said and did, or would do. */
export interface Seen {
  /** `+ server/bastion/0`, by name. */
  readonly steps: readonly string[];
  /** `info: …` of resources, `error: …` of anyone. */
  readonly said: readonly string[];
}

const SIGNS: Readonly<Record<string, string>> = { create: "+", update: "~", delete: "-", replace: "+-" };

/** Halves of a replacement, which is reported besides; and what stays as it is. */
const UNTOLD: readonly string[] = ["same", "create-replacement", "delete-replaced"];

/** What MachineFiles says for each server of the built-in cloud. */
const NO_MACHINES = "no SSH here";

class Watch {
  readonly #steps: (readonly [name: string, sign: string])[] = [];
  readonly #said: string[] = [];

  readonly onEvent = ({ resourcePreEvent, diagnosticEvent }: EngineEvent): void => {
    if (resourcePreEvent !== undefined) {
      const { op, urn } = resourcePreEvent.metadata;
      if (!UNTOLD.includes(op)) this.#steps.push([nameOf(urn), SIGNS[op] ?? op]);
    }
    if (diagnosticEvent === undefined) return;
    const { severity, message, urn, ephemeral } = diagnosticEvent;
    // What stands in a line of progress only, such as that the API has not come yet, is gone when the run is over.
    const reported =
      ephemeral !== true &&
      !message.includes(NO_MACHINES) &&
      (severity === "error" || (urn !== undefined && (severity === "info" || severity === "warning")));
    if (reported && message.trim() !== "") this.#said.push(`${severity}: ${message.trim()}`);
  };

  get seen(): Seen {
    const steps = this.#steps.sort(([one], [other]) => (one < other ? -1 : 1));
    return { steps: steps.map(([name, sign]) => `${sign} ${name}`), said: this.#said };
  }
}

/** Our own keys say their kind; other names need it said. */
function nameOf(urn: string): string {
  const [, , type = "", ...name] = urn.split("::");
  const [pack, , last = ""] = type.split("$").at(-1)?.split(":") ?? [];
  return pack === "openstack" || pack === "labstead" ? name.join("::") : `${last} ${name.join("::")}`;
}

export class GoldenLab {
  private constructor(
    private readonly folder: string,
    private readonly cloud: Cloud,
    readonly engine: Engine,
    private readonly environment: { value: Json },
  ) {}

  static async open(): Promise<GoldenLab> {
    const folder = mkdtempSync(join(tmpdir(), "labstead-golden-"));
    const cloud = await startCloud({ directory: join(folder, "cloud") });
    const stackFile = join(folder, `Pulumi.${STACK}.yaml`);
    writeFileSync(stackFile, JSON.stringify({ config: { "pulumi:disable-default-providers": PROVIDERS } }));
    const environment: { value: Json } = { value: {} };
    const engine = await Engine.open({
      directory: join(folder, "work"),
      pulumi: pulumiExecutable(),
      source: { project: "labstead", stack: STACK, stackFile },
      program: () => {
        pulumi.runtime.setConfig("labstead:environment", JSON.stringify(environment.value));
        return program({ directory: folder });
      },
      debugProviders: cloud.debugProviders,
      checkpoints: false,
    });
    return new GoldenLab(folder, cloud, engine, environment);
  }

  preview(environment: Json, run: RunOptions = {}): Promise<Seen> {
    this.environment.value = environment;
    return watched((onEvent) => this.engine.preview({ ...run, onEvent }));
  }

  up(environment: Json, run: RunOptions = {}): Promise<Seen> {
    this.environment.value = environment;
    return watched((onEvent) => this.engine.up({ ...run, onEvent }));
  }

  async close(): Promise<void> {
    await this.cloud.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A run that fails has said why, or else its error is thrown. */
async function watched(run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<Seen> {
  const watch = new Watch();
  try {
    await run(watch.onEvent);
  } catch (error) {
    if (!watch.seen.said.some((each) => each.startsWith("error: "))) throw error;
  }
  return watch.seen;
}
