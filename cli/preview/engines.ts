/** Brings the base up on a built-in cloud of its own, and previews the head on top of it. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError, type PulumiFn } from "@pulumi/pulumi/automation";
import { startCloud, type Cloud } from "../rehearse/cloud";
import type { ExistingNetwork } from "../../rehearsal/cloud";
import { Engine, type EngineOptions } from "../../rehearsal/engine";
import { PreviewWatch, type Outcome } from "./events";
import { UserError } from "../shared/failure";

/** One run of a program. */
export interface ProgramRun {
  readonly stack: string;
  readonly stackFile: string;
  /** Working directory of the program. */
  readonly directory: string;
  readonly program: PulumiFn;
}

export interface EnginesOptions {
  /** For everything that is written. */
  readonly folder: string;
  /** Of the engine; installed when it is needed first. */
  readonly executable: () => Promise<string>;
  readonly project: string;
  readonly existingNetworks: readonly ExistingNetwork[];
}

interface Started {
  readonly executable: string;
  readonly cloud: Cloud;
}

/** Nothing is started before the first run. */
export class Engines {
  readonly #up = new Set<string>();

  #started: Promise<Started> | undefined;

  constructor(private readonly options: EnginesOptions) {}

  /** Once for each stack. @throws UserError with the engine's errors */
  async up(run: ProgramRun): Promise<void> {
    if (this.#up.has(run.stack)) return;
    this.#up.add(run.stack);
    console.error(`${run.stack}: brings the base up on the built-in cloud`);
    const watch = new PreviewWatch();
    try {
      await this.#within(run, true, (engine) => engine.up({ onEvent: watch.onEvent }));
    } catch (error) {
      const { failures, refusals } = watch.outcome;
      const said = [...failures, ...refusals].map((text) => `  ${text}`);
      if (!(error instanceof CommandError) || said.length === 0) throw error;
      throw new UserError(
        [`${run.stack}: the base cannot be brought up on the built-in cloud`, ...said].join("\n"),
      );
    }
  }

  /** @param hasOwner whether the state of its owner can be read */
  async preview(run: ProgramRun, hasOwner: boolean): Promise<Outcome> {
    console.error(`${run.stack}: previews the head on top of it`);
    const watch = new PreviewWatch();
    try {
      await this.#within(run, hasOwner, (engine) => engine.preview({ onEvent: watch.onEvent }));
    } catch (error) {
      const { failures, refusals } = watch.outcome;
      if (!(error instanceof CommandError) || failures.length + refusals.length === 0) throw error;
    }
    return watch.outcome;
  }

  async stop(): Promise<void> {
    await (await this.#started)?.cloud.stop();
  }

  async #start(): Promise<Started> {
    const { folder, executable, existingNetworks } = this.options;
    const directory = join(folder, "cloud");
    mkdirSync(directory, { recursive: true });
    return { executable: await executable(), cloud: await startCloud({ directory, existingNetworks }) };
  }

  /** The program runs in this process: in its own folder, and with the engine's own variables. */
  async #within<Result>(
    run: ProgramRun,
    hasOwner: boolean,
    work: (engine: Engine) => Promise<Result>,
  ): Promise<Result> {
    const { folder, project } = this.options;
    this.#started ??= this.#start();
    const { executable, cloud } = await this.#started;
    const options: EngineOptions = {
      directory: join(folder, "engine"),
      pulumi: executable,
      source: { project, stack: run.stack, stackFile: run.stackFile },
      program: run.program,
      debugProviders: cloud.debugProviders,
      checkpoints: false,
    };
    const engine = await Engine.open(options);
    const { environment, executable: tool } = Engine.commandLine(options);
    const path = hasOwner ? `${dirname(tool)}:${process.env["PATH"] ?? ""}` : "";
    const before = { directory: process.cwd(), environment: { ...process.env } };
    Object.assign(process.env, environment, { PATH: path });
    process.chdir(run.directory);
    try {
      return await work(engine);
    } finally {
      process.chdir(before.directory);
      for (const name of Object.keys(process.env))
        if (!(name in before.environment)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before.environment);
    }
  }
}
