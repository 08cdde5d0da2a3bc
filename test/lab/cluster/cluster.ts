/**
 * A cluster of a plan's own servers: gateways, control planes and workers booted from their user data, with what is pushed
 * to them. The test stands in for the push over SSH, for the CNI and for the cloud controller manager, and for nobody else.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubeconfigText } from "../../../trust/kubeconfig";
import { apiOf } from "../../../environment/plan/api";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { nodeBinariesOf, type BuiltMinor } from "../kubernetes/binaries";
import { until, type Finished } from "../machines/host";
import { MachineLab } from "../machines/lab";
import type { Machine } from "../machines/machine";
import { addressOf, PlannedMachines } from "../machines/planned-machines";
import type { TestVolume } from "../machines/volumes";
import { Client } from "./client";
import type { GateWork } from "./gate";
import { imageStore } from "./images";
import { nodeMachine, type NodeImage } from "./node-image";
import { clusterTrust, type Trust } from "./trust";

runs("ip");

/** Where the operator's laptop is; the plan's allow-list has it. */
const OPERATOR = "198.51.100.10";
const PERMIT = "/etc/labstead/kubernetes/init-permit";
const AT_ONCE = 3;
/** MiB of an etcd volume. */
const VOLUME = 1024;

const log = (line: string): void => void process.stderr.write(`  ${line}\n`);

export class TestCluster {
  private readonly running = new Map<string, Machine>();
  private readonly volumes = new Map<string, readonly TestVolume[]>();
  private boots = 0;

  private constructor(
    private readonly undo: Undo,
    readonly trust: Trust,
    private readonly lab: MachineLab,
    private serverPlans: PlannedMachines,
    private image: NodeImage,
    private readonly folder: string,
    private readonly kubeconfig: string,
  ) {}

  /** @param minors releases that its nodes have images of; the plan's is the first */
  static open(
    plan: EnvironmentPlan,
    minors: readonly [BuiltMinor, ...BuiltMinor[]] = ["1.36"],
  ): Promise<TestCluster> {
    return Undo.guard(async (undo) => {
      const binaries = await nodeBinariesOf(minors[0], log);
      const image = { binaries, store: await imageStore(log, { minors }) };
      const trust = await clusterTrust(plan);
      // Before the machines, and so removed after they have ended: a kubelet writes until then.
      const folder = undo.folder("cluster");
      const lab = undo.use(await MachineLab.open(`${plan.network.gatewayIp}/24`));
      const kubeconfig = join(folder, "admin.conf");
      writeFileSync(kubeconfig, await adminKubeconfig(plan, trust), { mode: 0o600 });
      const planned = new PlannedMachines(lab, plan, trust.values);
      const cluster = new TestCluster(undo, trust, lab, planned, image, folder, kubeconfig);
      await cluster.standOutside();
      return cluster;
    });
  }

  /** From now on servers are made as another plan says, from an image of another release. */
  async follow(plan: EnvironmentPlan, minor: BuiltMinor): Promise<void> {
    this.image = { ...this.image, binaries: await nodeBinariesOf(minor, log) };
    this.serverPlans = new PlannedMachines(this.lab, plan, this.trust.values);
  }

  get planned(): PlannedMachines {
    return this.serverPlans;
  }

  get plan(): EnvironmentPlan {
    return this.planned.plan;
  }

  /** What runs in the network's namespace comes from the operator's address. */
  private async standOutside(): Promise<void> {
    const { network } = this.lab;
    await network.addOutside(OPERATOR);
    const vip = this.apiAddress;
    await network.outside(["ip", "route", "add", `${vip}/32`, "dev", network.bridge, "src", OPERATOR]);
  }

  get apiAddress(): string {
    const { address } = apiOf(this.plan.cluster);
    if (address.kind !== "planned") throw new Error("the API has no planned address");
    return address.ip;
  }

  nodes(role: "controlPlane" | "workers"): readonly ServerPlan[] {
    return this.plan.servers.filter((server) => server.role === role);
  }

  machine(key: string): Machine {
    const machine = this.running.get(key);
    if (machine === undefined) throw new Error(`${key} does not run`);
    return machine;
  }

  /** Boots a server of the plan, and pushes what is pushed to it. */
  async start(key: string, options: { readonly permit?: boolean } = {}): Promise<Machine> {
    const server = this.planned.server(key);
    const machine =
      server.role === "gateway"
        ? await this.planned.boot(key)
        : await this.planned.boot(key, await this.node(server));
    this.running.set(key, machine);
    if (options.permit === true) machine.write(PERMIT, "given once\n", 0o600);
    await this.planned.push(key, machine);
    return machine;
  }

  /** Boots servers, a few at a time: on two cores more of them only wait for each other. */
  async startAll(keys: readonly string[], founder: string): Promise<void> {
    const left = [...keys];
    const next = async (): Promise<void> => {
      for (let key = left.shift(); key !== undefined; key = left.shift())
        await this.start(key, { permit: key === founder });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  /** As the plugin does it behind a server; @returns what it reported to the person */
  async gate(action: GateWork["action"], key: string): Promise<string> {
    const { name: node } = this.planned.server(key);
    const work: GateWork = { action, node, kubeconfig: readFileSync(this.kubeconfig, "utf8") };
    const program = [process.execPath, "--import", "tsx", join(__dirname, "gate.ts")];
    const options = { input: JSON.stringify(work), timeout: 300_000 };
    const { code, stdout, stderr } = await this.lab.network.outside(program, options);
    if (code !== 0) throw new Error(`${action} of the gate of ${node}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Takes a server away as a replacement does: stopped in order, and its root disk is gone. */
  async remove(key: string, options: { readonly volumes: "kept" | "lost" }): Promise<void> {
    await this.machine(key).stop();
    await this.machine(key).destroy();
    this.running.delete(key);
    if (options.volumes === "lost") this.volumes.delete(key);
  }

  /**
   * A control plane or worker as a roll recreates it: the gate behind it has removed its Node object, which would
   * otherwise have to be found silent first.
   */
  async replace(key: string, options: { readonly volumes: "kept" | "lost" }): Promise<void> {
    await this.remove(key, options);
    await this.kubectlMust(["delete", "node", this.planned.server(key).name, "--wait=false"]);
    await this.start(key);
  }

  /** Key of the gateway that answers for the API's address. */
  async holderOfVip(): Promise<string> {
    for (const [key, machine] of this.running) {
      const shown = await machine.run(["ip", "-4", "-o", "address", "show", "to", this.apiAddress]);
      if (shown.stdout !== "") return key;
    }
    throw new Error(`no gateway holds ${this.apiAddress}`);
  }

  private async node(server: ServerPlan): Promise<object> {
    this.boots += 1;
    const state = join(this.folder, `${server.name}-${String(this.boots)}`);
    const { gatewayIp } = this.plan.network;
    const machine = await nodeMachine(this.image, `${addressOf(server)}/24`, gatewayIp, state);
    return { ...machine, volumes: await this.volumesOf(server) };
  }

  private async volumesOf({ key, volumes }: ServerPlan): Promise<readonly TestVolume[]> {
    const known = this.volumes.get(key);
    if (known !== undefined) return known;
    const made = [];
    for (const volume of volumes) {
      const id = this.trust.values({ kind: "output", name: `volume/${volume}/id` });
      // A file of its own for each life of the volume; the id is all that the server knows it by.
      const fresh = await this.lab.volume(`${id}-${String(this.boots)}`, VOLUME);
      made.push({ ...fresh, id });
    }
    this.volumes.set(key, made);
    return made;
  }

  /** Asks a URL again and again from the operator's address. */
  requests(url: string): Client {
    return new Client(this.lab.network, url, OPERATOR);
  }

  /** kubectl from outside, through the gateways, as the administrator. */
  kubectl(args: readonly string[], input?: string): Promise<Finished> {
    const argv = [
      this.image.binaries.kubectl,
      "--kubeconfig",
      this.kubeconfig,
      "--request-timeout=10s",
      ...args,
    ];
    return this.lab.network.outside(argv, input === undefined ? {} : { input });
  }

  /** Again for a while where it fails: a connection to an API server that has just gone ends with it. */
  async kubectlMust(args: readonly string[], input?: string): Promise<string> {
    let last: Finished | undefined;
    const done = until(`kubectl ${args.join(" ")}`, 60, async () => {
      last = await this.kubectl(args, input);
      return last.code === 0 ? last.stdout : undefined;
    });
    return done.catch((error: unknown) => {
      throw new Error(`${String(error)}\n${last?.stderr ?? ""}`);
    });
  }

  async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.kubectlMust([...args, "--output", "json"])) as T;
  }

  /** Waits until an answer of kubectl satisfies a question. */
  async eventually(
    what: string,
    seconds: number,
    args: readonly string[],
    good: (text: string) => boolean,
  ): Promise<void> {
    let last: Finished | undefined;
    await until(what, seconds, async () => {
      last = await this.kubectl(args);
      return last.code === 0 && good(last.stdout) ? true : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${last?.stdout ?? ""}${last?.stderr ?? ""}`);
    });
  }

  /** By node; the controller manager gives each its range a moment after it has come. */
  private async podRanges(): Promise<readonly (readonly [name: string, range: string])[]> {
    const path = '{range .items[*]}{.metadata.name} {.spec.podCIDR}{"\\n"}{end}';
    const text = await this.kubectlMust(["get", "nodes", "--output", `jsonpath=${path}`]);
    const lines = text.trimEnd().split("\n");
    return lines.map((line) => {
      const [name = "", range = ""] = line.split(" ");
      return [name, range];
    });
  }

  /** Stands in for the CNI: a bridge on each node, and routes between the nodes' pods. */
  async network(): Promise<void> {
    const nodes = await until("ranges of all nodes' pods", 60, async () => {
      const seen = await this.podRanges();
      return seen.every(([, range]) => range !== "") ? seen : undefined;
    });
    for (const [key, machine] of this.running) {
      const server = this.planned.server(key);
      if (server.role === "gateway") continue;
      const own = nodes.find(([name]) => name === server.name)?.[1];
      if (own === undefined) continue;
      machine.write("/etc/cni/net.d/10-lab.conflist", bridge(own));
      for (const [name, range] of nodes) {
        const other = this.plan.servers.find((each) => each.name === name);
        if (other === undefined || other.key === key) continue;
        await machine.run(["ip", "route", "replace", range, "via", addressOf(other)]);
      }
    }
  }

  /** Stands in for the cloud controller manager: it greets new nodes. */
  async greetNodes(): Promise<void> {
    await this.kubectl(["taint", "nodes", "--all", "node.cloudprovider.kubernetes.io/uninitialized-"]);
  }

  close(): Promise<void> {
    return this.undo.close();
  }
}

async function adminKubeconfig(plan: EnvironmentPlan, trust: Trust): Promise<string> {
  const { name } = plan.cluster;
  const api = apiOf(plan.cluster);
  if (api.address.kind !== "planned") throw new Error("the API has no planned address");
  const server = `https://${api.address.ip}:${String(api.port)}`;
  return kubeconfigText({
    cluster: name,
    server,
    serverName: api.serverName,
    user: "kubernetes-admin",
    ...(await trust.administrator()),
  });
}

export function bridge(range: string): string {
  const ipam = { type: "host-local", ranges: [[{ subnet: range }]], routes: [{ dst: "0.0.0.0/0" }] };
  const plugin = { type: "bridge", bridge: "cni0", isGateway: true, ipMasq: true, hairpinMode: true, ipam };
  const ports = { type: "portmap", capabilities: { portMappings: true } };
  return JSON.stringify({ cniVersion: "1.0.0", name: "pods", plugins: [plugin, ports] });
}
