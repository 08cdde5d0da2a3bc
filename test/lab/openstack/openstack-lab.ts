/** The real OpenStack that the tests of this folder share. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Inventory } from "./inventory";

const run = promisify(execFile);

/** Megabytes of JSON that an inventory may have. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Debian's own Python has OpenStack's client; another one on PATH has not. */
const PYTHON = "/usr/bin/python3";

/** A project as it is before a lab comes. */
export interface Tenancy {
  /** Of the project, its user, and its entry of clouds.yaml. */
  readonly name: string;
  readonly key_pair?: { readonly name: string; readonly public: string };
  readonly network?: {
    readonly name: string;
    readonly subnet: string;
    readonly cidr: string;
    /** External network of its router. */
    readonly external: string;
    /** Project that may use it, too. */
    readonly share_with?: string;
  };
}

export interface NetworkIds {
  readonly network: string;
  readonly subnet: string;
}

export class OpenStackLab {
  private constructor(
    private readonly folder: string,
    private readonly keep: boolean,
  ) {}

  /**
   * Starts the services, or those that do not run. A folder named by LABSTEAD_OPENSTACK is kept with everything
   * running, so that the next run begins at once; a temporary one is ended and removed by `down`.
   */
  static async up(): Promise<OpenStackLab> {
    const named = process.env["LABSTEAD_OPENSTACK"];
    const lab = new OpenStackLab(
      named ?? mkdtempSync(join(tmpdir(), "labstead-openstack-")),
      named !== undefined,
    );
    try {
      await lab.start();
    } catch (error) {
      await lab.down();
      throw error;
    }
    return lab;
  }

  /** Starts what does not run. @throws with the end of a service's log */
  async start(): Promise<void> {
    try {
      await this.command("bash", [join(__dirname, "up.sh")]);
    } catch (error) {
      throw new Error(`OpenStack does not start: ${outputOf(error)}`, { cause: error });
    }
  }

  /** Ends one service, by its recorded process id. */
  stop(service: string): void {
    const [pid = ""] = readFileSync(join(this.folder, "run", `${service}.pid`), "utf8").split(" ");
    process.kill(Number(pid), "SIGTERM");
  }

  get cloudsFile(): string {
    return join(this.folder, "clouds.yaml");
  }

  /** Makes projects, with unlimited quotas. Returns the ids of their networks. */
  async tenancies(...tenancies: readonly Tenancy[]): Promise<Readonly<Record<string, NetworkIds>>> {
    const described = tenancies.map((each) => JSON.stringify(each));
    const printed = await this.command(PYTHON, [
      this.script("seed"),
      "tenancy",
      this.cloudsFile,
      ...described,
    ]);
    return JSON.parse(printed) as Readonly<Record<string, NetworkIds>>;
  }

  /** Everything that a project has, as OpenStack's own client tells it. */
  async inventory(project: string): Promise<Inventory> {
    return JSON.parse(await this.command(PYTHON, [this.script("inventory"), project])) as Inventory;
  }

  /** One command of OpenStack's own client, as a project's user or as `admin`. */
  client(cloud: string, ...args: readonly string[]): Promise<string> {
    return this.command("/usr/bin/openstack", ["--os-cloud", cloud, ...args]);
  }

  async down(): Promise<void> {
    if (!this.keep) await this.command("bash", [join(__dirname, "down.sh"), "--wipe"]);
  }

  private script(name: string): string {
    return join(__dirname, `${name}.py`);
  }

  private async command(program: string, args: readonly string[]): Promise<string> {
    const env = {
      ...process.env,
      LABSTEAD_OPENSTACK: this.folder,
      OS_CLIENT_CONFIG_FILE: this.cloudsFile,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const { stdout } = await run(program, [...args], { env, maxBuffer: MAX_OUTPUT });
    return stdout;
  }
}

function outputOf(error: unknown): string {
  const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
  return [stdout, stderr].filter((text) => text !== undefined && text !== "").join("\n") || String(error);
}
