/** A lab from its configuration to its nodes: engine, cloud, machines, and an operator outside. */
import { readEnvironment } from "../../environments";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { configOf, planOf, ROOT, type Json } from "../../environment/configs";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import type { Manifest } from "../../../deploy/manifest";
import { clientFacts } from "../../../cli/client-config/client-facts";
import { lab as composed } from "../../../lab";
import { clientFiles, clients } from "../../../platform/clients";
import { imageStore, type MoreImages } from "../cluster/images";
import type { NodeImage } from "../cluster/node-image";
import { Undo } from "../host/undo";
import { nodeBinaries } from "../kubernetes/binaries";
import type { Finished, HostOptions } from "../machines/host";
import { MachineLab } from "../machines/lab";
import type { Machine } from "../machines/machine";
import type { Answer, Ask as AskOfStack, EngineSetUp } from "./engine-process";
import { Hypervisor } from "./hypervisor";
import { platformRootFilesystem } from "./image";
import { hostKeys } from "./secrets";

/** Where the operator's laptop is; the plan's allow-lists have it. */
export const OPERATOR = "198.51.100.10";
const OWNER = "prod";

/** What the nodes have beside Debian, Kubernetes and its network. */
export interface MoreOnNodes {
  readonly images: MoreImages;
  /** Namespaces that the images are for: `up` waits until their workloads are ready. */
  readonly namespaces: readonly string[];
}

/** @default the owner's stack */
type Ask = Omit<AskOfStack, "stack"> & Partial<Pick<AskOfStack, "stack">>;

export class PlatformLab {
  private engine: ChildProcess | undefined;
  private current: Json = {};

  private constructor(
    private readonly undo: Undo,
    readonly machines: MachineLab,
    readonly hypervisor: Hypervisor,
    readonly image: NodeImage & { readonly data: string },
    readonly folder: string,
    private readonly complete: readonly string[],
  ) {}

  /** @param more what the nodes have, @default nothing more */
  static open(environment: Json, more?: MoreOnNodes): Promise<PlatformLab> {
    return Undo.guard((undo) => PlatformLab.begin(undo, environment, more));
  }

  private static async begin(undo: Undo, environment: Json, more?: MoreOnNodes): Promise<PlatformLab> {
    const log = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const store = await imageStore(log, more === undefined ? {} : { more: more.images });
    const image = { binaries: await nodeBinaries(log), store, data: undo.folder("data") };
    const gateway = `${planOf(configOf(OWNER, environment)).network.gatewayIp}/24`;
    // Before the machines, and so removed after they have ended: a kubelet writes until then.
    const folder = undo.folder("hypervisor");
    const machines = undo.use(await MachineLab.open(gateway, await platformRootFilesystem()));
    const place = { lab: machines, operator: OPERATOR, gateway, folder };
    const hypervisor = undo.use(await Hypervisor.open({ ...place, image }));
    const complete = more?.namespaces ?? [];
    const lab = new PlatformLab(undo, machines, hypervisor, image, undo.folder("platform"), complete);
    lab.configure(environment);
    await lab.startEngine();
    return lab;
  }

  /** The owner's configuration from now on. */
  configure(environment: Json): void {
    this.current = environment;
    this.write(OWNER, environment);
  }

  /** The configuration of a stack from now on. */
  write(stack: string, environment: Json): void {
    const config = {
      "pulumi:disable-default-providers": ["kubernetes", "labstead", "openstack"],
      "labstead:environment": environment,
    };
    writeFileSync(join(this.folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  }

  get plan(): EnvironmentPlan {
    return planOf(configOf(OWNER, this.current));
  }

  server(key: string): ServerPlan {
    const server = this.plan.servers.find((each) => each.key === key);
    if (server === undefined) throw new Error(`the plan has no server ${key}`);
    return server;
  }

  /** By the server's key. */
  machine(key: string): Machine {
    return this.hypervisor.machine(this.server(key).name);
  }

  private get log(): string {
    return join(this.folder, "engine.log");
  }

  private async startEngine(): Promise<void> {
    const setUp: EngineSetUp = {
      directory: join(this.folder, "engine"),
      machines: this.hypervisor.socket,
      stackFiles: this.folder,
      complete: this.complete,
    };
    const [enter, ...arguments_] = this.machines.network.enter;
    const node = [process.execPath, "--import", "tsx", join(__dirname, "engine-process.ts")];
    const log = openSync(this.log, "a");
    this.engine = spawn(enter, [...arguments_, ...node, JSON.stringify(setUp)], {
      cwd: ROOT,
      stdio: ["ignore", log, log, "ipc"],
    });
    this.undo.later(() => this.endEngine());
    await this.next();
  }

  /** What the engine's process says next. @throws Error with its last words if it ends */
  private async next(): Promise<unknown> {
    const { engine } = this;
    if (engine === undefined) throw new Error("the engine does not run");
    const enough = new AbortController();
    const { signal } = enough;
    const answered = once(engine, "message", { signal }).then(([message]) => ({
      message: message as unknown,
    }));
    const ended = once(engine, "exit", { signal }).then(() => undefined);
    ended.catch(() => undefined);
    const first = await Promise.race([answered, ended]);
    answered.catch(() => undefined);
    enough.abort();
    if (first !== undefined) return first.message;
    throw new Error(`the engine's process has ended\n${readFileSync(this.log, "utf8").slice(-2000)}`);
  }

  /** An operation of the engine, whatever comes of it. */
  async attempt(ask: Ask): Promise<Answer> {
    this.engine?.send({ stack: OWNER, ...ask } satisfies AskOfStack);
    return (await this.next()) as Answer;
  }

  /** An operation that has to succeed. @throws Error with what the engine said */
  async run(verb: Ask["verb"], stack = OWNER): Promise<Answer> {
    const answer = await this.attempt({ verb, stack });
    if ((answer.failed ?? "") === "") return answer;
    throw new Error([answer.failed, ...answer.said].join("\n"));
  }

  /** The stack's outputs, secrets among them. */
  async outputs(stack = OWNER): Promise<Readonly<Record<string, unknown>>> {
    const { content } = await this.run("outputs", stack);
    const outputs = content as Readonly<Record<string, { readonly value: unknown }>>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** One of the files that `labstead client-config` makes for a person of the configuration, from what stands. */
  async clientFile(person: string, name: string): Promise<string> {
    const client = clients(this.plan).find((each) => each.name === person);
    if (client === undefined) throw new Error(`${person} is nobody`);
    const standing = clientFacts(this.plan, client, { values: await this.outputs(), up: "up" });
    const file = clientFiles(this.plan, client, standing).find((each) => each.name === name);
    if (file === undefined) throw new Error(`${person} gets no ${name}`);
    return file.content;
  }

  /** Host keys as ssh reads them, of each server by its address, and of the bastion by its public one. */
  async knownHosts(bastion: string): Promise<string> {
    const keys = hostKeys((await this.run("state")).content);
    const lines = this.plan.servers.flatMap(({ key, role, address }) => {
      const own = address.kind === "planned" ? [address.ip] : [];
      return [...own, ...(role === "bastion" ? [bastion] : [])].map(
        (host) => `${host} ${keys.get(key) ?? ""}\n`,
      );
    });
    return lines.join("");
  }

  /** Objects of the charts of a stack, as it is configured. */
  manifests(stack = OWNER): readonly Manifest[] {
    const { deploy } = composed(readEnvironment(join(this.folder, `Pulumi.${stack}.yaml`)));
    return deploy.objects.map(({ manifest }) => manifest);
  }

  /** Runs a program where the operator is. */
  outside(argv: readonly string[], options: HostOptions = {}): Promise<Finished> {
    return this.machines.network.outside(argv, options);
  }

  close(): Promise<void> {
    return this.undo.close();
  }

  private async endEngine(): Promise<void> {
    if (this.engine?.exitCode !== null) return;
    this.engine.disconnect();
    await once(this.engine, "exit");
  }
}
