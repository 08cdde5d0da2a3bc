/** Real OpenStack services on this machine: started, asked, ended. */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Inventory } from "./inventory";

const run = promisify(execFile);

/** Bytes of JSON that an inventory may have. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Debian's own Python has OpenStack's client; another one on PATH has not. */
const PYTHON = "/usr/bin/python3";

/** The folder of running services, from the set-up to the tests; from outside: a folder to be kept. */
const FOLDER = "LABSTEAD_OPENSTACK";

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
   * Starts the services. With LABSTEAD_OPENSTACK set to a folder they stay there, so that the next run begins at once;
   * else they are ended by `down`, or when this process ends, however it ends.
   * @throws with the end of the log of the service that does not start
   */
  static async up(): Promise<OpenStackLab> {
    const named = process.env[FOLDER];
    const lab = new OpenStackLab(
      named ?? mkdtempSync(join(tmpdir(), "labstead-openstack-")),
      named !== undefined,
    );
    if (named === undefined) lab.endWith(process.pid);
    try {
      await lab.start();
    } catch (error) {
      await lab.down();
      throw error;
    }
    process.env[FOLDER] = lab.folder;
    return lab;
  }

  /** The services that the set-up of the tests has started. */
  static running(): OpenStackLab {
    const folder = process.env[FOLDER];
    if (folder === undefined || !existsSync(join(folder, "clouds.yaml")))
      throw new Error("OpenStack is not running: these tests belong to Jest's project openstack");
    return new OpenStackLab(folder, true);
  }

  /** Starts what does not run. @throws with the end of a service's log */
  async start(): Promise<void> {
    try {
      await this.command("bash", [script("up.sh")]);
    } catch (error) {
      throw new Error(`OpenStack does not start: ${outputOf(error)}`, { cause: error });
    }
  }

  /** Ends one service (`nova-api`, `cinder-volume`, …), by its recorded process id, and waits until it is gone. */
  async stop(service: string): Promise<void> {
    const [pid = ""] = readFileSync(join(this.folder, "run", `${service}.pid`), "utf8").split(" ");
    process.kill(Number(pid), "SIGTERM");
    await run("tail", [`--pid=${pid}`, "-f", "/dev/null"]);
  }

  get cloudsFile(): string {
    return join(this.folder, "clouds.yaml");
  }

  /** Makes projects, with unlimited quotas. Returns the ids of their networks. */
  async tenancies(...tenancies: readonly Tenancy[]): Promise<Readonly<Record<string, NetworkIds>>> {
    const described = tenancies.map((each) => JSON.stringify(each));
    const args = [script("seed.py"), "tenancy", this.cloudsFile, ...described];
    return JSON.parse(await this.command(PYTHON, args)) as Readonly<Record<string, NetworkIds>>;
  }

  /** Everything that a project has, as OpenStack's own client tells it. */
  async inventory(project: string): Promise<Inventory> {
    return JSON.parse(await this.command(PYTHON, [script("inventory.py"), project])) as Inventory;
  }

  /** One command of OpenStack's own client, as a project's user or as `admin`. */
  client(cloud: string, ...args: readonly string[]): Promise<string> {
    return this.command("/usr/bin/openstack", ["--os-cloud", cloud, ...args]);
  }

  /** Deletes what is in a container of objects, older versions too. */
  async empty(project: string, container: string): Promise<void> {
    await this.command(PYTHON, [script("empty.py"), project, container]);
  }

  /** Opens every listener of a balancer to everyone. */
  async openToAll(project: string, balancer: string): Promise<void> {
    await this.command(PYTHON, [script("unlisted.py"), project, balancer]);
  }

  /** Ends the services and removes their folder, unless it is to be kept. */
  async down(): Promise<void> {
    if (!this.keep) await this.command("bash", [script("down.sh"), "--wipe"]);
  }

  /** A process that ends the services after another one. */
  private endWith(pid: number): void {
    const script = `tail --pid=${pid} -f /dev/null; exec bash '${join(__dirname, "down.sh")}' --wipe`;
    const env = { ...process.env, [FOLDER]: this.folder };
    spawn("sh", ["-c", script], { detached: true, stdio: "ignore", env }).unref();
  }

  private async command(program: string, args: readonly string[]): Promise<string> {
    const env = {
      ...process.env,
      [FOLDER]: this.folder,
      OS_CLIENT_CONFIG_FILE: this.cloudsFile,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const { stdout } = await run(program, [...args], { env, maxBuffer: MAX_OUTPUT });
    return stdout;
  }
}

function script(name: string): string {
  return join(__dirname, name);
}

function outputOf(error: unknown): string {
  const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
  return [stdout, stderr].filter((text) => text !== undefined && text !== "").join("\n") || String(error);
}
