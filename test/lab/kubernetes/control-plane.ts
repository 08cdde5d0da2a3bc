/**
 * A Kubernetes control plane on the loopback interface: etcd, kube-apiserver with RBAC and Pod Security admission, and
 * on request the controller manager. All it keeps lies in a scratch folder that `stop` removes.
 */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubeconfigText } from "../../../trust/kubeconfig";
import { Undo } from "../host/undo";
import { ApiClient, type ApiAccess } from "./api-client";
import { Authority, type Subject } from "./authority";
import { kubernetesBinaries, kubernetesBinary, type Binaries } from "./binaries";
import { simulatedNode, SIMULATED_STAGES } from "./simulated-nodes";
import { freePorts, ServiceProcess } from "./service-process";

export interface ControlPlaneOptions {
  /** The only names in the API server's certificate. @default api.lab.example.org */
  readonly serverNames?: readonly string[];
  /** Range of Services' addresses. @default 10.96.0.0/12, kubeadm's */
  readonly serviceCidr?: string;
}

/** Milliseconds until the API server has to be ready; on a busy machine it takes long to start. */
const START_TIME = 120_000;
const ADMIN: Subject = { user: "admin", group: "system:masters" };
const CONTROLLER_MANAGER: Subject = { user: "system:kube-controller-manager" };
const SCHEDULER: Subject = { user: "system:kube-scheduler" };
/** Requests of a controller in a second: the default of 20 is for clusters that live longer than a test. */
const CONTROLLER_RATE = { "kube-api-qps": "500", "kube-api-burst": "1000" };
const DEFAULT_NAMES = ["api.lab.example.org"];

/** Reports what is built: the first run on a machine takes minutes. */
function progress(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

export class ControlPlane {
  private readonly processes: ServiceProcess[] = [];

  private api: ServiceProcess | undefined;
  private apiFlags: Readonly<Record<string, string>> = {};

  private constructor(
    private readonly undo: Undo,
    private readonly binaries: Binaries,
    private readonly directory: string,
    readonly authority: Authority,
    private readonly ports: {
      readonly etcd: number;
      readonly peer: number;
      readonly api: number;
      readonly controllers: number;
      readonly scheduler: number;
      readonly kubelets: number;
    },
    private readonly names: readonly string[],
    private readonly serviceCidr: string,
  ) {}

  /** Builds what is missing, starts the API server and waits until it is ready. */
  static start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    return Undo.guard((undo) => ControlPlane.begin(undo, options));
  }

  private static async begin(undo: Undo, options: ControlPlaneOptions): Promise<ControlPlane> {
    const binaries = await kubernetesBinaries(progress);
    const directory = undo.folder("kubernetes");
    const [etcd = 0, peer = 0, api = 0, controllers = 0, scheduler = 0, kubelets = 0] = await freePorts(6);
    const { serverNames = DEFAULT_NAMES, serviceCidr = "10.96.0.0/12" } = options;
    const authority = await Authority.create("lab");
    const ports = { etcd, peer, api, controllers, scheduler, kubelets };
    const plane = new ControlPlane(undo, binaries, directory, authority, ports, serverNames, serviceCidr);
    mkdirSync(join(directory, "log"));
    plane.startEtcd();
    await plane.startApi();
    return plane;
  }

  /** `https://127.0.0.1:<port>` */
  get server(): string {
    return `https://127.0.0.1:${this.ports.api}`;
  }

  /** Name in the certificate. */
  get serverName(): string {
    return this.names[0] ?? "";
  }

  /** Path of kubectl. */
  get kubectl(): string {
    return this.binaries.kubectl;
  }

  /** Ids of all processes. */
  get pids(): readonly number[] {
    return this.processes.map(({ pid }) => pid);
  }

  /** A client with a certificate of its own. @default an administrator's */
  async client(subject: Subject = ADMIN): Promise<ApiClient> {
    const client = new ApiClient(await this.access(subject));
    this.undo.later(() => client.close());
    return client;
  }

  /** What a client needs to connect as somebody. */
  async access(subject: Subject = ADMIN): Promise<ApiAccess> {
    const { server, serverName, authority } = this;
    return { server, serverName, ca: authority.pem, ...(await authority.client(subject)) };
  }

  /** A kubeconfig as the program makes it. */
  async kubeconfig(subject: Subject = ADMIN): Promise<string> {
    const access = await this.access(subject);
    return kubeconfigText({ cluster: "lab", user: subject.user, ...access });
  }

  /** Namespaces get their service accounts and their end, quotas their status, approved requests their certificates. */
  async startControllers(): Promise<void> {
    const kubeconfig = this.file("controllers.conf", await this.kubeconfig(CONTROLLER_MANAGER));
    const controllers = this.run("kube-controller-manager", {
      kubeconfig,
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": "127.0.0.1",
      "secure-port": String(this.ports.controllers),
      "service-account-private-key-file": join(this.directory, "accounts.key"),
      "root-ca-file": join(this.directory, "ca.crt"),
      "cluster-signing-cert-file": join(this.directory, "ca.crt"),
      "cluster-signing-key-file": this.file("ca.key", this.authority.key),
      "use-service-account-credentials": "true",
      "leader-elect": "false",
      ...CONTROLLER_RATE,
    });
    const admin = await this.client();
    const path = "/api/v1/namespaces/default/serviceaccounts/default";
    await controllers.until(async () => (await admin.get(path)).status === 200, START_TIME);
  }

  /**
   * Nodes that do not exist, with a scheduler: kwok says of their pods what a kubelet would, so that workloads become
   * ready, or not; see {@link SIMULATED_STAGES}. Nothing runs.
   */
  async startNodes(count: number): Promise<void> {
    const simulator = await kubernetesBinary("kwok", progress);
    await this.startScheduler();
    const kubelets = this.start(simulator, "kwok", {
      kubeconfig: this.file("kwok.conf", await this.kubeconfig()),
      config: this.file("stages.yaml", SIMULATED_STAGES),
      "manage-all-nodes": "true",
      "server-address": `127.0.0.1:${String(this.ports.kubelets)}`,
      "node-lease-duration-seconds": "40",
    });
    const admin = await this.client();
    for (let index = 0; index < count; index++) await admin.apply(simulatedNode(index));
    const areReady = async (): Promise<boolean> => {
      const { body } = await admin.get("/api/v1/nodes");
      return JSON.stringify(body).split('"type":"Ready"').length > count;
    };
    await kubelets.until(areReady, START_TIME);
  }

  /** Pods get nodes, or an event that says why not. */
  async startScheduler(): Promise<void> {
    const kubeconfig = this.file("scheduler.conf", await this.kubeconfig(SCHEDULER));
    this.start(await kubernetesBinary("kube-scheduler", progress), "kube-scheduler", {
      kubeconfig,
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": "127.0.0.1",
      "secure-port": String(this.ports.scheduler),
      "leader-elect": "false",
      ...CONTROLLER_RATE,
    });
  }

  /** Ends the API server alone: what clients see of a control plane that is away. */
  async stopApi(): Promise<void> {
    await this.api?.stop();
  }

  /** The API server that was ended, with all that it knew. */
  async resumeApi(): Promise<void> {
    this.api = this.run("kube-apiserver", this.apiFlags);
    await this.apiReady(this.api);
  }

  /** Ends every process by its id and removes the scratch folder. */
  close(): Promise<void> {
    return this.undo.close();
  }

  private startEtcd(): void {
    const client = `http://127.0.0.1:${this.ports.etcd}`;
    const peer = `http://127.0.0.1:${this.ports.peer}`;
    this.run("etcd", {
      "data-dir": join(this.directory, "etcd"),
      "listen-client-urls": client,
      "advertise-client-urls": client,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `default=${peer}`,
      // Nothing of it outlives the test.
      "unsafe-no-fsync": "true",
    });
  }

  private async startApi(): Promise<void> {
    const accounts = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const serving = await this.authority.server(this.names);
    this.apiFlags = {
      "etcd-servers": `http://127.0.0.1:${this.ports.etcd}`,
      "bind-address": "127.0.0.1",
      "advertise-address": "127.0.0.1",
      "endpoint-reconciler-type": "none",
      "secure-port": String(this.ports.api),
      "tls-cert-file": this.file("server.crt", serving.certificate),
      "tls-private-key-file": this.file("server.key", serving.key),
      "client-ca-file": this.file("ca.crt", this.authority.pem),
      "authorization-mode": "Node,RBAC",
      "enable-admission-plugins": "NodeRestriction",
      "service-account-issuer": "https://kubernetes.default.svc",
      "service-account-key-file": this.file("accounts.pub", accounts.publicKey),
      "service-account-signing-key-file": this.file("accounts.key", accounts.privateKey),
      "service-cluster-ip-range": this.serviceCidr,
      "allow-privileged": "true",
    };
    await this.resumeApi();
  }

  private async apiReady(api: ServiceProcess): Promise<void> {
    const admin = await this.client();
    const ready = (): Promise<boolean> =>
      admin.get("/readyz").then(
        ({ status }) => status === 200,
        () => false,
      );
    await api.until(ready, START_TIME);
    // The namespaces of every cluster come a moment later.
    const systemNamespace = async (): Promise<boolean> =>
      (await admin.get("/api/v1/namespaces/kube-system")).status === 200;
    await api.until(systemNamespace, START_TIME);
  }

  private run(
    program: "etcd" | "kube-apiserver" | "kube-controller-manager",
    flags: Readonly<Record<string, string>>,
  ): ServiceProcess {
    return this.start(this.binaries[program], program, flags);
  }

  private start(executable: string, name: string, flags: Readonly<Record<string, string>>): ServiceProcess {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const log = join(this.directory, "log", `${name}.log`);
    const started = ServiceProcess.start(executable, args, log);
    this.processes.push(started);
    this.undo.later(() => started.stop());
    return started;
  }

  private file(name: string, content: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }
}
