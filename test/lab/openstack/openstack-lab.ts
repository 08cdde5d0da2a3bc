/** Real OpenStack services on this machine: started, asked, ended. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { host, type HostOptions } from "../machines/host";
import type { Inventory } from "./inventory";
import "./programs";

runs("bash", "openstack", "python3", "sh", "tail");

/** Debian's own Python has OpenStack's client; another one on PATH has not. */
const PYTHON = "/usr/bin/python3";

/** The folder of running services, from the set-up to the tests; from outside: a folder to be kept. */
const FOLDER = "LABSTEAD_OPENSTACK";

/** Milliseconds that the services may take together to come up on a busy machine. */
const MOST = 1_500_000;

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
    private readonly undo = new Undo(),
  ) {}

  /**
   * Starts the services. With LABSTEAD_OPENSTACK set to a folder they stay there, so that the next run begins at once;
   * else they are ended by `down`, or when this process ends, however it ends.
   * @throws with the end of the log of the service that does not start
   */
  static up(): Promise<OpenStackLab> {
    return Undo.guard(async (undo) => {
      const named = process.env[FOLDER];
      const lab = new OpenStackLab(named ?? undo.folder("openstack"), undo);
      if (named === undefined) {
        lab.endWith(process.pid);
        undo.later(() => lab.end());
      }
      await lab.start();
      process.env[FOLDER] = lab.folder;
      return lab;
    });
  }

  /** The services that the set-up of the tests has started. */
  static running(): OpenStackLab {
    const folder = process.env[FOLDER];
    if (folder === undefined || !existsSync(join(folder, "clouds.yaml")))
      throw new Error("OpenStack is not running: these tests belong to Jest's project openstack");
    return new OpenStackLab(folder);
  }

  /** Starts what does not run. @throws with the end of a service's log */
  async start(): Promise<void> {
    await host(["bash", script("up.sh")], this.options);
  }

  /** Ends one service (`nova-api`, `cinder-volume`, …), by its recorded process id, and waits until it is gone. */
  async stop(service: string): Promise<void> {
    const [pid = ""] = readFileSync(join(this.folder, "run", `${service}.pid`), "utf8").split(" ");
    process.kill(Number(pid), "SIGTERM");
    await host(["tail", `--pid=${pid}`, "-f", "/dev/null"]);
  }

  get cloudsFile(): string {
    return join(this.folder, "clouds.yaml");
  }

  /** The sparse file that holds a volume of Cinder. */
  volumeFile(id: string): string {
    return join(this.folder, "state/cinder/volumes", `volume-${id}`);
  }

  /** Makes projects, with unlimited quotas. Returns the ids of their networks. */
  async tenancies(...tenancies: readonly Tenancy[]): Promise<Readonly<Record<string, NetworkIds>>> {
    const described = tenancies.map((each) => JSON.stringify(each));
    const seed = [PYTHON, script("seed.py"), "tenancy", this.cloudsFile, ...described];
    return JSON.parse(await host(seed, this.options)) as Readonly<Record<string, NetworkIds>>;
  }

  /** Everything that a project has, as OpenStack's own client lists it. */
  async inventory(project: string): Promise<Inventory> {
    return JSON.parse(await host([PYTHON, script("inventory.py"), project], this.options)) as Inventory;
  }

  /** One command of OpenStack's own client, as a project's user or as `admin`. */
  client(cloud: string, ...args: readonly string[]): Promise<string> {
    return host(["/usr/bin/openstack", "--os-cloud", cloud, ...args], this.options);
  }

  /** Deletes what is in a container of objects, older versions too. */
  async empty(project: string, container: string): Promise<void> {
    await host([PYTHON, script("empty.py"), project, container], this.options);
  }

  /** A lab that people made, with OpenStack's own client. @param file describes it, as `existing_lab.py` says */
  async existing(project: string, file: string): Promise<void> {
    await host([PYTHON, script("existing_lab.py"), project, file], this.options);
  }

  /** Opens every listener of a balancer to everyone. */
  async openToAll(project: string, balancer: string): Promise<void> {
    await host([PYTHON, script("unlisted.py"), project, balancer], this.options);
  }

  /** Ends the services and removes their folder, unless it is to be kept. */
  close(): Promise<void> {
    return this.undo.close();
  }

  private async end(): Promise<void> {
    await host(["bash", script("down.sh"), "--wipe"], this.options);
  }

  /** A process that ends the services after another one. */
  private endWith(pid: number): void {
    const script = `tail --pid=${pid} -f /dev/null; exec bash '${join(__dirname, "down.sh")}' --wipe`;
    const env = { ...process.env, [FOLDER]: this.folder };
    spawn("sh", ["-c", script], { detached: true, stdio: "ignore", env }).unref();
  }

  private get options(): HostOptions {
    const env = {
      ...process.env,
      [FOLDER]: this.folder,
      OS_CLIENT_CONFIG_FILE: this.cloudsFile,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    return { env, timeout: MOST };
  }
}

function script(name: string): string {
  return join(__dirname, name);
}
