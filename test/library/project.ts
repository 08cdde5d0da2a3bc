/**
 * A lab's own repository outside of this one: the tarball of a clean copy, installed by npm, and programs of it that the
 * real engine brings up on the built-in cloud.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { stringify } from "yaml";
import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import { SKIP_CHECKPOINTS } from "../../rehearsal/checkpoints";
import { ROOT } from "../cli/command";
import { pulumiExecutable } from "../rehearsal/engine-lab";

/** Most packages are in npm's cache since this repository's were installed; a registry that hangs is asked again. */
const FROM_CACHE = ["--prefer-offline", "--no-audit", "--no-fund", "--fetch-timeout=60000"];

/** Milliseconds that one npm command may take. */
const NPM_TIME = 600_000;

/** Not part of a checkout. */
const NOT_COPIED = new Set(["node_modules", ".git", ".tools", ".labstead", "out", "coverage", "dist"]);

const EXPLICIT_PROVIDERS = { "pulumi:disable-default-providers": ["kubernetes", "labstead", "openstack"] };

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class LabProject {
  private readonly folder = mkdtempSync(join(tmpdir(), "labstead-library-"));
  /** Where the lab's repository is. */
  readonly directory = join(this.folder, "my-lab");
  readonly tarball: string;
  #cloud: Cloud | undefined;

  /** Packs a clean copy, makes a repository by `labstead new`, and installs the tarball there. */
  constructor() {
    const copy = join(this.folder, "product");
    cpSync(ROOT, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    this.tarball = join(this.folder, npm(copy, "pack", "--silent", "--pack-destination", this.folder));
    execFileSync(process.execPath, [join(copy, "bin/labstead.js"), "new", this.directory]);
    npm(this.directory, "install", ...FROM_CACHE, "--no-progress", "--loglevel=error", this.tarball);
  }

  /** Files of the package, by their paths in it. */
  packed(): readonly string[] {
    const listed = execFileSync("tar", ["--list", "--file", this.tarball], { encoding: "utf8" });
    return listed
      .trim()
      .split("\n")
      .map((path) => path.replace(/^package\//, ""));
  }

  read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.directory, file)), { recursive: true });
    writeFileSync(join(this.directory, file), content);
  }

  /** A program of the project, to its end. */
  run(command: string, ...args: readonly string[]): Ended {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.directory,
      encoding: "utf8",
      // A whole state is printed.
      maxBuffer: 2 ** 26,
      env: this.#environment(),
    });
    return { code: status, stdout, stderr };
  }

  /** As {@link run}; what it printed belongs to a failure. */
  succeed(command: string, ...args: readonly string[]): string {
    const { code, stdout, stderr } = this.run(command, ...args);
    if (code !== 0)
      throw new Error(`${command} ${args.join(" ")} ended with ${String(code)}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** `labstead …` of the installed package. */
  labstead(...args: readonly string[]): Ended {
    return this.run("npx", "--no-install", "labstead", ...args);
  }

  async startCloud(): Promise<void> {
    this.#cloud = await startCloud({ directory: join(this.folder, "cloud") });
  }

  /** Makes a stack of a program of the project; `Pulumi.yaml` names that program from now on. */
  stack(name: string, program: string, config: Readonly<Record<string, unknown>> = {}): void {
    this.write("Pulumi.yaml", this.read("Pulumi.yaml").replace(/^main: .*$/m, `main: ${program}`));
    this.write(`Pulumi.${name}.yaml`, stringify({ config: { ...EXPLICIT_PROVIDERS, ...config } }));
    this.succeed("pulumi", "stack", "init", name);
  }

  async close(): Promise<void> {
    await this.#cloud?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    const { PATH = "", HOME = "" } = process.env;
    const state = join(this.folder, "state");
    mkdirSync(state, { recursive: true });
    return {
      HOME,
      PATH: `${dirname(pulumiExecutable())}:${PATH}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
      ...SKIP_CHECKPOINTS,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // A language host built from source is older than the engine and does not hear `typescript: false`.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      ...(this.#cloud === undefined ? {} : { PULUMI_DEBUG_PROVIDERS: this.#cloud.debugProviders }),
    };
  }
}

/** Runs npm to its end. @returns the last line that it printed */
function npm(directory: string, ...args: readonly string[]): string {
  const options = { cwd: directory, encoding: "utf8", stdio: "pipe", timeout: NPM_TIME } as const;
  const output = execFileSync("npm", args, options);
  return output.trim().split("\n").at(-1) ?? "";
}
