/** Runs a Pulumi program against the built-in cloud, in a work folder of its own. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import type {
  Deployment,
  EngineEvent,
  OutputMap,
  PulumiFn,
  Stack,
  StackSummary,
} from "@pulumi/pulumi/automation";

import { SKIP_CHECKPOINTS } from "./checkpoints";
import { prepareWorkFolder } from "./work-folder";
import type { StackSource } from "./work-folder";

export type { StackSource } from "./work-folder";

export interface EngineOptions {
  /** Folder for everything that the engine writes; made if it is not there. Several stacks of a project share it. */
  readonly directory: string;
  /** Path of the pinned `pulumi` executable. */
  readonly pulumi: string;
  /** Project and stack, with the user's files if there are any. */
  readonly source: StackSource;
  readonly program: PulumiFn;
  /** Of the cloud, and of further providers, comma-separated. */
  readonly debugProviders: string;
  /** Environment variables besides. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * False: state is written once at the end, not at every step. With thousands of resources that is many times
   * faster; a crash then loses what was made since the start. @default true
   */
  readonly checkpoints?: boolean;
}

/** How an operation is watched and stopped. */
export interface RunOptions {
  /** Text as the CLI prints it, piece by piece. */
  readonly onOutput?: (text: string) => void;
  /** Events of the engine: resources begun, done, failed; diagnostics. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborting stops as Ctrl-C does: started operations are finished, no more are started, the state is saved. */
  readonly signal?: AbortSignal;
  /** URNs of the only resources to look at, as by `--target`. @default all */
  readonly targets?: readonly string[];
  /** Operations at once. @default the engine's own */
  readonly parallel?: number;
}

/** How many resources an operation makes, changes, keeps …, by the engine's names (`create`, `update`, `same`, …). */
export type Changes = Readonly<Record<string, number>>;

/** An executable, the folder to run it in, and its whole environment. */
export interface EngineCommandLine {
  readonly executable: string;
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Outcome {
  readonly changes: Changes;
  readonly stdout: string;
}

/** One stack of one program. */
export class Engine {
  /** How the executable is run by hand on this stack: for what the Automation API does not offer. */
  static commandLine(options: EngineOptions): EngineCommandLine {
    const directory = resolve(options.directory);
    const folder = prepareWorkFolder(directory, options.source, resolve(options.pulumi));
    return {
      executable: join(folder.tool, "bin", "pulumi"),
      directory: folder.project,
      environment: {
        ...process.env,
        PULUMI_HOME: folder.home,
        ...environment(options, folder.passphrase, stateFolder(directory)),
      },
    };
  }

  private constructor(
    private readonly stack: Stack,
    /** The work folder. */
    readonly directory: string,
  ) {}

  /** Prepares the work folder and the stack. @throws if the executable cannot be run */
  static async open(options: EngineOptions): Promise<Engine> {
    const directory = resolve(options.directory);
    const folder = prepareWorkFolder(directory, options.source, resolve(options.pulumi));
    const pulumiCommand = await PulumiCommand.get({ root: folder.tool });
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: options.source.stack, projectName: options.source.project, program: options.program },
      {
        workDir: folder.project,
        pulumiHome: folder.home,
        pulumiCommand,
        envVars: environment(options, folder.passphrase, stateFolder(directory)),
      },
    );
    return new Engine(stack, directory);
  }

  /** Predicts what `up` would do. */
  async preview(run: RunOptions = {}): Promise<Outcome> {
    const { changeSummary, stdout } = await this.stack.preview(given(run));
    return { changes: { ...changeSummary }, stdout };
  }

  async up(run: RunOptions = {}): Promise<Outcome> {
    const { summary, stdout } = await this.stack.up(given(run));
    return { changes: { ...summary.resourceChanges }, stdout };
  }

  /** Refreshes the state. */
  async refresh(run: RunOptions = {}): Promise<Outcome> {
    const { summary, stdout } = await this.stack.refresh(given(run));
    return { changes: { ...summary.resourceChanges }, stdout };
  }

  async destroy(run: RunOptions = {}): Promise<Outcome> {
    const { summary, stdout } = await this.stack.destroy(given(run));
    return { changes: { ...summary.resourceChanges }, stdout };
  }

  /** The program's outputs, secrets in plain text but marked. */
  outputs(): Promise<OutputMap> {
    return this.stack.outputs();
  }

  /** Every stack of the project, with the number of its resources. */
  async stacks(): Promise<readonly StackSummary[]> {
    return this.stack.workspace.listStacks();
  }

  /** Removes the protection of all resources, so that a destroy deletes data too. */
  async unprotect(): Promise<void> {
    const state = await this.export();
    await this.import({ ...state, deployment: withoutProtection(state.deployment) });
  }

  /** The state in the engine's own form; secrets in it are in plain text. */
  export(): Promise<Deployment> {
    return this.stack.exportStack();
  }

  /** Replaces the state. */
  import(state: Deployment): Promise<void> {
    return this.stack.importStack(state);
  }

  /** Removes the lock and pending operations of a process that was killed. */
  cancel(): Promise<void> {
    return this.stack.cancel();
  }
}

/** @param deployment state in the engine's own form */
function withoutProtection(deployment: unknown): unknown {
  const content = deployment as { readonly resources?: readonly object[] };
  return { ...content, resources: (content.resources ?? []).map((each) => ({ ...each, protect: false })) };
}

function stateFolder(directory: string): string {
  const folder = join(directory, "state");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The engine's environment. Everything that would lead out of the work folder is set, whatever the user's shell sets. */
function environment(options: EngineOptions, passphrase: string, state: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_DEBUG_PROVIDERS: options.debugProviders,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    ...(options.checkpoints === false ? SKIP_CHECKPOINTS : {}),
    ...options.environment,
  };
}

/** Only what is set: the Automation API distinguishes an absent option from an undefined one. */
function given({ onOutput, onEvent, signal, parallel, targets }: RunOptions) {
  return {
    color: "never" as const,
    suppressProgress: true,
    ...(onOutput === undefined ? {} : { onOutput }),
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(signal === undefined ? {} : { signal }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(targets === undefined ? {} : { target: [...targets] }),
  };
}
