/**
 * The network of test machines: a bridge in a network namespace of its own, with the subnet's gateway. Programs that run
 * in the namespace are outside: they reach the machines by the gateway, from any address that was added.
 */
import { runs } from "../host/programs";
import type { Undo } from "../host/undo";
import { attempt, host, type Finished, type HostOptions } from "./host";

runs("ip", "nsenter", "sh");

const BRIDGE = "lan";
/**
 * The gateway's own hardware address, as a router has one: a bridge without takes the lowest of its ports', and with each
 * machine that comes or goes nobody would find it for half a minute.
 */
const GATEWAY_LINK = "02:00:00:00:00:01";

export class MachineNetwork {
  private constructor(readonly namespace: string) {}

  /**
   * @param namespace a name that nobody has
   * @param gateway address and prefix length, `192.168.3.1/24`
   */
  static async open(undo: Undo, namespace: string, gateway: string): Promise<MachineNetwork> {
    const network = new MachineNetwork(namespace);
    await host(["ip", "netns", "add", namespace]);
    undo.later(() => host(["ip", "netns", "delete", namespace]));
    await network.ip("link", "set", "lo", "up");
    await network.ip("link", "add", BRIDGE, "address", GATEWAY_LINK, "type", "bridge");
    await network.ip("addr", "add", gateway, "dev", BRIDGE);
    await network.ip("link", "set", BRIDGE, "up");
    await network.outside(["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
    return network;
  }

  get bridge(): string {
    return BRIDGE;
  }

  /** What runs a program in the namespace, to be put before its arguments. */
  get enter(): readonly [program: string, ...args: string[]] {
    return ["nsenter", `--net=/run/netns/${this.namespace}`, "--"];
  }

  /** An address of somebody outside, such as an operator's or a stranger's. */
  async addOutside(address: string): Promise<void> {
    await this.ip("addr", "add", `${address}/32`, "dev", "lo");
  }

  /** An address on the machines' own wire, as a neighbour that the plan does not know has it. */
  async addNeighbour(address: string): Promise<void> {
    await this.ip("addr", "add", address, "dev", BRIDGE);
  }

  /** Runs a program outside the machines. */
  outside(argv: readonly string[], options: HostOptions = {}): Promise<Finished> {
    return attempt([...this.enter, ...argv], options);
  }

  private async ip(...args: readonly string[]): Promise<void> {
    await host(["ip", "-n", this.namespace, ...args]);
  }
}
