/**
 * A user's project: the program of this repository, run by the `pulumi` command and its own language host, as on a real
 * cloud. Only the plugins are those of the built-in cloud.
 */
import { readEnvironment } from "../../environments";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { existingNetworks } from "../../../cli/rehearse/existing-networks";
import { lab } from "../../../lab";
import { startCloud, type Cloud, type Faults } from "../../../cli/rehearse/cloud";
import { SKIP_CHECKPOINTS } from "../../../rehearsal/checkpoints";
import { install } from "../../../tools/toolchain/executables";
import { languageHost, pulumi } from "../../../tools/toolchain/pulumi";
import { ROOT } from "../../cli/command";
import { Undo } from "../host/undo";

export interface Ended {
  readonly code: number | null;
  /** Of both streams, as it came. */
  readonly output: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export const PASSPHRASE = "correct horse battery staple";

export class OfficialProject {
  static async open(stack: string, stackFile: string, settings: object = {}): Promise<OfficialProject> {
    const executable = await install(pulumi());
    await install(languageHost(executable));
    return Undo.guard((undo) => {
      const folder = undo.folder("official");
      return Promise.resolve(new OfficialProject(undo, folder, executable, stack, stackFile, settings));
    });
  }

  /** Of every command; more may be set. */
  readonly environment: Record<string, string>;
  private cloud: Cloud | undefined;

  private constructor(
    private readonly undo: Undo,
    readonly folder: string,
    private readonly executable: string,
    private readonly stack: string,
    stackFile: string,
    settings: object,
  ) {
    cpSync(stackFile, this.stackFile);
    for (const name of ["node_modules", "package.json"])
      symlinkSync(join(ROOT, name), join(this.folder, name));
    const compilerOptions = { rootDir: "/" };
    this.write("tsconfig.json", JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions }));
    this.write("index.ts", `import { program } from "${ROOT}/stack/program";\n\nexport = () => program();\n`);
    this.settings(settings);
    mkdirSync(join(this.folder, "home"));
    const { PATH = "", HOME = "" } = process.env;
    this.environment = {
      HOME,
      PATH: `${join(executable, "..")}:${PATH}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // A language host built from source is older than the engine and does not hear `typescript: false`.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
  }

  get stackFile(): string {
    return join(this.folder, `Pulumi.${this.stack}.yaml`);
  }

  /** Writes Pulumi.yaml with these keys besides its own. */
  settings(settings: object): void {
    const options = { typescript: false, nodeargs: "--import tsx" };
    const project = { name: "labstead", main: "index.ts", runtime: { name: "nodejs", options } };
    this.write("Pulumi.yaml", stringify({ ...project, ...settings }));
  }

  /** Lets the engine write its state at the end of a run only: for tests that break no run, since each step writes all. */
  skipCheckpoints(): void {
    Object.assign(this.environment, SKIP_CHECKPOINTS);
  }

  /** Starts the cloud, or restarts it over what exists. */
  async startCloud(faults?: Faults): Promise<void> {
    await this.cloud?.stop();
    const { plan } = lab(readEnvironment(this.stackFile));
    this.cloud = await startCloud({
      directory: this.cloudFolder,
      existingNetworks: existingNetworks([plan]),
      ...(faults === undefined ? {} : { faults }),
    });
    const { cloud } = this;
    this.undo.later(() => cloud.stop());
    this.environment["PULUMI_DEBUG_PROVIDERS"] = this.cloud.debugProviders;
  }

  get cloudFolder(): string {
    return join(this.folder, "cloud");
  }

  /** `labstead …` to its end. */
  labstead(...args: readonly string[]): Promise<Ended> {
    return this.begin(args).ended;
  }

  /** As {@link labstead}; what it printed belongs to a failure. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.labstead(...args);
    if (code !== 0) throw new Error(`labstead ${args.join(" ")} ended with ${String(code)}\n${output}`);
    return output;
  }

  begin(args: readonly string[], more: Readonly<Record<string, string>> = {}): Running {
    return this.run(process.execPath, [join(ROOT, "bin/labstead.js"), ...args], more);
  }

  async pulumi(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.run(this.executable, args, {}).ended;
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(code)}\n${output}`);
    return output;
  }

  close(): Promise<void> {
    return this.undo.close();
  }

  private run(command: string, args: readonly string[], more: Readonly<Record<string, string>>): Running {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...this.environment, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => (output += text.toString()));
    const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, output })));
    return { child, ended };
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}
