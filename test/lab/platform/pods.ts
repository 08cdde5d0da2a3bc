/** Pods of the tests on chosen nodes: they answer over HTTP, and ask others. */
import { TOOLBOX } from "../cluster/node-images";
import { until, type Finished } from "../machines/host";
import type { Administrator } from "./nodes";

export interface PodPlace {
  readonly name: string;
  /** Name of its node. */
  readonly node: string;
}

/** Port on which every pod answers with its name. */
export const POD_PORT = 8080;
/** Seconds after which an attempt has failed: a packet that a rule drops is never answered. */
const ATTEMPT = 3;
const SECONDS_TO_START = 90;

/** Pods in a namespace of their own; `app` of each one's labels is its name. */
export class TestPods {
  private readonly addresses = new Map<string, string>();

  constructor(
    private readonly administrator: Administrator,
    readonly namespace: string,
  ) {}

  /** Waits until all of them answer. */
  async start(places: readonly PodPlace[]): Promise<void> {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } };
    await this.apply([namespace, ...places.map((place) => this.pod(place))]);
    for (const { name } of places) this.addresses.set(name, await this.started(name));
  }

  /** In the namespace, where they have one. */
  async apply(objects: readonly object[]): Promise<void> {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    await this.administrator.must(["apply", "--filename", "-"], list);
  }

  address(name: string): string {
    const address = this.addresses.get(name);
    if (address === undefined) throw new Error(`no pod ${name} was started`);
    return address;
  }

  /** Runs a program in a pod. */
  run(name: string, argv: readonly string[]): Promise<Finished> {
    return this.administrator.kubectl(["exec", "--namespace", this.namespace, name, "--", ...argv]);
  }

  /** What a pod gets from a host, by its name or address; undefined where nothing comes. */
  async get(name: string, host: string, port = POD_PORT): Promise<string | undefined> {
    const url = `http://${host}:${String(port)}/`;
    const ask = ["curl", "--silent", "--fail", "--max-time", String(ATTEMPT)];
    const { code, stdout } = await this.run(name, [...ask, url]);
    return code === 0 ? stdout.trim() : undefined;
  }

  /** The addresses that have asked a pod, as its server logs them. */
  async askers(name: string): Promise<readonly string[]> {
    const log = await this.administrator.must(["logs", "--namespace", this.namespace, name]);
    return [...log.matchAll(/^\[?(?:::ffff:)?([\d.]+)\]?:\d+: response:200/gm)].map(
      ([, address = ""]) => address,
    );
  }

  /** Deletes all of them, with the namespace. */
  async end(): Promise<void> {
    await this.administrator.kubectl(["delete", "namespace", this.namespace, "--wait=false"]);
  }

  private started(name: string): Promise<string> {
    const path = "jsonpath={.status.podIP} {.status.conditions[?(@.type=='Ready')].status}";
    const ask = ["get", "pod", name, "--namespace", this.namespace, "--output", path];
    return until(`pod ${name}`, SECONDS_TO_START, async () => {
      const [address = "", ready = ""] = (await this.administrator.kubectl(ask)).stdout.split(" ");
      return ready === "True" ? address : undefined;
    });
  }

  private pod({ name, node }: PodPlace): object {
    const serve = `mkdir /tmp/w && hostname > /tmp/w/index.html && exec httpd -f -v -p ${String(POD_PORT)} -h /tmp/w`;
    const container = {
      name: "web",
      image: TOOLBOX,
      imagePullPolicy: "Never",
      command: ["sh", "-c", serve],
      readinessProbe: { tcpSocket: { port: POD_PORT }, periodSeconds: 1 },
    };
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: this.namespace, labels: { app: name } },
      spec: {
        nodeSelector: { "kubernetes.io/hostname": node },
        containers: [container],
        terminationGracePeriodSeconds: 1,
      },
    };
  }
}
