/** The `pulumi` executable as recovery uses it: on a real cloud in the user's own project, else on the built-in cloud's. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bucketPlace } from "../../environment/backend-url";
import { UserError } from "./failure";
import { withBucket } from "./state-bucket";
import { knownBackend, backendFailureText } from "./backend-failure";
import { backendFolder, locksOf, parseLock, stackLocks, type Lock } from "./locks";
import { parseState, type StackState } from "./stack-state";
import { removeHalfWritten, type StateFiles, stateFiles } from "./file-backend";

/** Where and how the executable is run. */
export interface CommandLine {
  readonly executable: string;
  /** Folder of the project file. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The executable failed; the message is its output. */
export class PulumiFailure extends Error {
  /** The state was being written when the engine was killed. */
  get isUnreadable(): boolean {
    return this.message.includes("failed to load checkpoint");
  }

  get isUnknownStack(): boolean {
    return this.message.includes("no stack named");
  }
}

export class Pulumi {
  constructor(
    private readonly line: CommandLine,
    readonly stack: string,
    /** Locks are stored under its name. */
    readonly project = "labstead",
  ) {}

  /** The state without plain secrets; undefined if there is no such stack. */
  async export(): Promise<StackState | undefined> {
    const text = await this.exportText();
    return text === undefined ? undefined : parseState(text);
  }

  /** The same, as the engine writes it. */
  async exportText(): Promise<string | undefined> {
    return this.inFile(async (file) => {
      try {
        await this.run("stack", "export", "--file", file);
      } catch (error) {
        if (error instanceof PulumiFailure && error.isUnknownStack) return undefined;
        throw error;
      }
      return readFileSync(file, "utf8");
    });
  }

  /** The stack's outputs, secrets in plain text. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const text = await this.run("stack", "output", "--json", "--show-secrets");
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }

  /** Imports the whole state. The engine drops its pending operations, and refuses an inconsistent one. */
  async import(state: StackState): Promise<void> {
    await this.importText(JSON.stringify(state));
  }

  /** The same, as the engine wrote it. */
  async importText(text: string): Promise<void> {
    await this.inFile(async (file) => {
      writeFileSync(file, text, { mode: 0o600 });
      await this.run("stack", "import", "--file", file);
    });
  }

  /** Refreshes these resources from the cloud; missing ones are removed from the state. */
  async refresh(urns: readonly string[]): Promise<void> {
    const targets = urns.flatMap((urn) => ["--target", urn]);
    await this.run(
      "refresh",
      "--yes",
      "--skip-preview",
      "--suppress-outputs",
      "--skip-pending-creates",
      ...targets,
    );
  }

  /** Deletes these resources in the cloud and from the state. */
  async remove(urns: readonly string[]): Promise<void> {
    const targets = urns.flatMap((urn) => ["--target", urn]);
    await this.run("destroy", "--yes", "--skip-preview", "--suppress-outputs", ...targets);
  }

  /** Removes the lock. */
  async cancel(): Promise<void> {
    await this.run("cancel", "--yes");
  }

  /** Removes the protection of all resources. */
  async unprotect(): Promise<void> {
    await this.run("state", "unprotect", "--all", "--yes");
  }

  /** Creates the stack. @param secretsProvider as for `--secrets-provider` */
  async init(secretsProvider: string): Promise<void> {
    await this.run("stack", "init", "--secrets-provider", secretsProvider);
  }

  /** The stack's locks, if its backend is a local folder or a bucket. */
  async locks(): Promise<readonly Lock[]> {
    const url = await this.backend();
    const folder = backendFolder(url);
    if (folder !== undefined) return locksOf(folder, this.project, this.stack);
    const place = bucketPlace(url);
    if (place === undefined) return [];
    const files = await withBucket(place, (bucket) => bucket.texts(stackLocks(this.project, this.stack)));
    return files.map(parseLock);
  }

  /** Removes incomplete files of a killed run in a file backend. No other run may be active. */
  async removeHalfWritten(): Promise<void> {
    const folder = backendFolder(await this.backend());
    if (folder !== undefined) removeHalfWritten(folder, this.project, this.stack);
  }

  /** Location of the state, if its backend is a local folder. */
  async files(): Promise<StateFiles | undefined> {
    const folder = backendFolder(await this.backend());
    return folder === undefined ? undefined : stateFiles(folder, this.project, this.stack);
  }

  /** URL of the backend: of the environment, else of the project or `pulumi login`. */
  async backend(): Promise<string> {
    const given = this.line.environment["PULUMI_BACKEND_URL"];
    if (given !== undefined && given !== "") return given;
    const { url } = JSON.parse(await this.spawned(["whoami", "--verbose", "--json"])) as {
      readonly url?: string;
    };
    return url ?? "";
  }

  private run(...args: readonly string[]): Promise<string> {
    return this.spawned([...args, "--stack", this.stack, "--color", "never", "--non-interactive"]);
  }

  /** @throws PulumiFailure with its whole output */
  private spawned(args: readonly string[]): Promise<string> {
    const { executable, directory, environment } = this.line;
    const child = spawn(executable, args, {
      cwd: directory,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true", ...withoutMetadataService(this.known()), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (text: Buffer) => (output.stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output.stderr += text.toString()));
    return new Promise((resolve, reject) => {
      child.on("error", () => {
        reject(new UserError(`${executable} cannot be run; labstead doctor says what is missing`));
      });
      child.on("close", (code) => {
        if (code === 0) resolve(output.stdout);
        else reject(this.failure(`${output.stdout}\n${output.stderr}`.trim()));
      });
    });
  }

  private known(): string | undefined {
    return knownBackend(this.line.directory, this.line.environment);
  }

  private failure(output: string): Error {
    const known = backendFailureText(output, this.known());
    return known === undefined ? new PulumiFailure(output) : new UserError(known);
  }

  /** The state is passed in files: only their owner can read them, and they are deleted. */
  private async inFile<T>(work: (file: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "labstead-state-"));
    try {
      return await work(join(folder, "state.json"));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** With the lab's own object store, the client would wait for Amazon's metadata service, which has no key for it. */
export function withoutMetadataService(backend = ""): Readonly<Record<string, string>> {
  return bucketPlace(backend)?.endpoint === undefined ? {} : { AWS_EC2_METADATA_DISABLED: "true" };
}
