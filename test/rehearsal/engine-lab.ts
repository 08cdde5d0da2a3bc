/** A built-in cloud and an engine for tests, in a temporary folder. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation";

import { startCloud } from "../../cli/rehearse/cloud";
import type { Cloud, Faults } from "../../cli/rehearse/cloud";
import { Engine } from "../../rehearsal/engine";
import type { EngineOptions } from "../../rehearsal/engine";

/** The `pulumi` executable: of LABSTEAD_PULUMI, of the repository's tools, or the one on PATH. */
export function pulumiExecutable(): string {
  const onPath = (process.env["PATH"] ?? "").split(":").map((folder) => join(folder, "pulumi"));
  const candidates = [
    process.env["LABSTEAD_PULUMI"] ?? "",
    resolve(__dirname, "../../.tools/bin/pulumi"),
    ...onPath,
  ];
  const found = candidates.find((file) => file !== "" && existsSync(file));
  if (found === undefined) throw new Error("no pulumi executable: set LABSTEAD_PULUMI, or make the tools");
  return found;
}

export class EngineLab {
  readonly directory = mkdtempSync(join(tmpdir(), "engine-"));
  #cloud: Cloud | undefined;

  /** Starts the cloud, or restarts it over what exists. */
  async cloud(faults?: Faults): Promise<void> {
    await this.#cloud?.stop();
    this.#cloud = await startCloud({
      directory: join(this.directory, "cloud"),
      ...(faults === undefined ? {} : { faults }),
    });
  }

  /** @throws before the cloud was started */
  get debugProviders(): string {
    if (this.#cloud === undefined) throw new Error("start the cloud first");
    return this.#cloud.debugProviders;
  }

  engine(program: PulumiFn, options: Partial<EngineOptions> = {}): Promise<Engine> {
    return Engine.open({
      directory: join(this.directory, "work"),
      pulumi: pulumiExecutable(),
      source: { project: "lab", stack: "test" },
      program,
      debugProviders: this.debugProviders,
      ...options,
    });
  }

  async close(): Promise<void> {
    await this.#cloud?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What a run would do, or did, to each resource that does not stay as it is: `name: operation`. */
export class Steps {
  readonly #steps: string[] = [];

  readonly onEvent = (event: EngineEvent): void => {
    const metadata = event.resourcePreEvent?.metadata;
    if (metadata !== undefined && metadata.op !== "same")
      this.#steps.push(`${metadata.urn.split("::").at(-1) ?? ""}: ${metadata.op}`);
  };

  get sorted(): readonly string[] {
    return [...this.#steps].sort();
  }
}
