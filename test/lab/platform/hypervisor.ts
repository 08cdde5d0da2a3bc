/**
 * What runs the servers of the built-in cloud: each one is booted as a machine from exactly what the cloud received, its
 * volumes are attached, and floating IPs lead to it. It knows nothing of plans.
 */
import { mkdirSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { maps, text } from "../../../provider-protocol/plain";
import type { Acknowledged, StoreChange } from "../../../rehearsal/options";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { host, until } from "../machines/host";
import type { MachineLab } from "../machines/lab";
import type { Machine } from "../machines/machine";
import type { TestVolume } from "../machines/volumes";
import { nodeMachine, type NodeImage } from "../cluster/node-image";
import { bringSettings } from "./image";

runs("ip", "nft");

const INSTANCE = "openstack:compute/instance:Instance";
const VOLUME = "openstack:blockstorage/volume:Volume";
const VOLUME_ATTACH = "openstack:compute/volumeAttach:VolumeAttach";
const FLOATING_IP_ASSOCIATE = "openstack:networking/floatingIpAssociate:FloatingIpAssociate";

/** Machines that boot at a time: on two cores more of them only wait for each other. */
const AT_ONCE = 3;
/** MiB of every volume: the smallest that any file system here takes, and etcd. */
const VOLUME_SIZE = 1024;
const SECONDS_TO_RUN = 300;

interface Running {
  readonly id: string;
  readonly name: string;
  readonly machine: Machine;
  readonly booted: Promise<void>;
}

export interface HypervisorSetUp {
  readonly lab: MachineLab;
  readonly image: NodeImage;
  /** Address that floating IPs are called from. */
  readonly operator: string;
  /** The subnet's, with prefix length. */
  readonly gateway: string;
  /** For the machines' disks; it has to outlive the lab, whose machines write there until they end. */
  readonly folder: string;
}

export class Hypervisor {
  readonly socket: string;
  /** The user data that servers booted with, of all there ever were, by name: as cloud-init gets it. */
  readonly userData: { readonly name: string; readonly bytes: Buffer }[] = [];
  private readonly servers = new Map<string, Running>();
  private readonly volumes = new Map<string, TestVolume>();
  private readonly server: Server;
  private readonly connections = new Set<Socket>();
  private readonly failures: string[] = [];
  private booting = 0;
  private boots = 0;

  /** @param operator address that floating IPs are called from */
  private constructor(
    private readonly undo: Undo,
    private readonly folder: string,
    private readonly lab: MachineLab,
    private readonly image: NodeImage,
    private readonly operator: string,
    private readonly subnet: { readonly gateway: string; readonly prefix: string },
  ) {
    this.socket = join(this.folder, "socket");
    this.server = createServer((connection) => this.serve(connection));
  }

  static open(given: HypervisorSetUp): Promise<Hypervisor> {
    return Undo.guard((undo) => Hypervisor.begin(undo, given));
  }

  private static async begin(
    undo: Undo,
    { lab, image, operator, gateway, folder }: HypervisorSetUp,
  ): Promise<Hypervisor> {
    const [address = "", prefix = ""] = gateway.split("/");
    const hypervisor = new Hypervisor(undo, folder, lab, image, operator, { gateway: address, prefix });
    await lab.network.addOutside(operator);
    const rules = `table ip floating {
  map addresses { type ipv4_addr : ipv4_addr; }
  chain out { type nat hook output priority -100; dnat to ip daddr map @addresses; }
}`;
    await hypervisor.outside(["nft", "-f", "-"], rules);
    await new Promise<void>((resolve) => hypervisor.server.listen(hypervisor.socket, resolve));
    undo.later(() => hypervisor.end());
    return hypervisor;
  }

  /** The machine of the server of this name. @throws Error if it does not run */
  machine(name: string): Machine {
    for (const each of this.servers.values()) if (each.name === name) return each.machine;
    throw new Error(`no server ${name} runs`);
  }

  /** By name. */
  running(): ReadonlyMap<string, { readonly id: string; readonly machine: Machine }> {
    return new Map([...this.servers.values()].map((each) => [each.name, each]));
  }

  /** Waits for every boot that has begun. @throws Error with what machines said that did not come up */
  async booted(): Promise<void> {
    await Promise.all([...this.servers.values()].map(({ booted }) => booted));
    if (this.failures.length > 0) throw new Error(this.failures.join("\n"));
  }

  /** Hears no more, and waits for what boots; the machines are the lab's. */
  close(): Promise<void> {
    return this.undo.close();
  }

  private async end(): Promise<void> {
    for (const each of this.connections) each.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    await Promise.all([...this.servers.values()].map(({ booted }) => booted));
  }

  private serve(connection: Socket): void {
    this.connections.add(connection);
    connection.on("error", () => undefined).on("close", () => this.connections.delete(connection));
    createInterface({ input: connection }).on("line", (line) => {
      this.hear(JSON.parse(line) as StoreChange).then(
        () => connection.write(`${JSON.stringify({} satisfies Acknowledged)}\n`),
        (error: unknown) =>
          connection.write(`${JSON.stringify({ problem: String(error) } satisfies Acknowledged)}\n`),
      );
    });
  }

  private async hear(change: StoreChange): Promise<void> {
    switch (change.type) {
      case INSTANCE:
        if (change.operation === "create") await this.start(change);
        if (change.operation === "delete") await this.remove(change);
        return;
      case VOLUME:
        if (change.operation === "create")
          this.volumes.set(change.id, await this.lab.volume(change.id, VOLUME_SIZE));
        return;
      case VOLUME_ATTACH:
        if (change.operation === "create") await this.attach(change);
        return;
      case FLOATING_IP_ASSOCIATE:
        if (change.operation === "create") await this.lead(change);
        return;
      default:
        return;
    }
  }

  /** As Nova does: the server is there as soon as it runs, long before it has booted. */
  private async start({ id, inputs, outputs }: StoreChange): Promise<void> {
    const [network] = maps(outputs, "networks");
    const bytes = Buffer.from(text(inputs, "userData"), "base64");
    const name = text(inputs, "name");
    this.userData.push({ name, bytes });
    this.boots += 1;
    const state = join(this.folder, `${name}-${String(this.boots)}`);
    mkdirSync(state);
    const address = `${text(network, "fixedIpV4")}/${this.subnet.prefix}`;
    const image = isNode(inputs["metadata"])
      ? await nodeMachine(this.image, address, this.subnet.gateway, state)
      : {};
    const prepare = (root: string): void => {
      image.prepare?.(root);
      bringSettings(root, this.subnet.gateway);
    };
    const machine = await this.lab.make({ ...image, name, address, userData: bytes, prepare });
    this.servers.set(id, { id, name, machine, booted: this.boot(machine) });
  }

  private async boot(machine: Machine): Promise<void> {
    await until(`${machine.name}: its turn`, SECONDS_TO_RUN, () =>
      this.booting < AT_ONCE ? true : undefined,
    );
    this.booting += 1;
    try {
      await machine.start();
    } catch (error) {
      this.failures.push(String(error));
    } finally {
      this.booting -= 1;
    }
  }

  private async remove({ id, inputs }: StoreChange): Promise<void> {
    const server = this.servers.get(id);
    if (server === undefined) return;
    this.servers.delete(id);
    if (inputs["stopBeforeDestroy"] === true) await server.machine.stop();
    await server.machine.destroy();
  }

  private async attach({ inputs }: StoreChange): Promise<void> {
    const server = this.servers.get(text(inputs, "instanceId"));
    const volume = this.volumes.get(text(inputs, "volumeId"));
    if (server === undefined || volume === undefined) throw new Error("there is no such server or volume");
    const { machine } = server;
    await until(`${server.name}: its start`, SECONDS_TO_RUN, () => (machine.runs ? true : undefined));
    await machine.attach(volume);
  }

  private async lead({ inputs, outputs }: StoreChange): Promise<void> {
    const [floating, fixed] = [text(inputs, "floatingIp"), text(outputs, "fixedIp")];
    const { bridge } = this.lab.network;
    const element = `${floating} : ${fixed}`;
    await this.outside(["nft", "add", "element", "ip", "floating", "addresses", `{ ${element} }`]);
    await this.outside(["ip", "route", "replace", `${floating}/32`, "dev", bridge, "src", this.operator]);
  }

  private async outside(argv: readonly string[], input?: string): Promise<void> {
    await host([...this.lab.network.enter, ...argv], input === undefined ? {} : { input });
  }
}

function isNode(metadata: unknown): boolean {
  const { groups = "" } = metadata as { readonly groups?: string };
  return groups.split(",").includes("kubernetes");
}
