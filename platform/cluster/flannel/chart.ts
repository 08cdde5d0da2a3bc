/**
 * Flannel on every node, as in its own manifests of 0.28: it takes the node's range from the Node object and carries
 * packets to the ranges of other nodes, by VXLAN or by routes. It enforces no NetworkPolicy.
 */
import { Chart, type App } from "cdk8s";
import { EnvFieldPaths, EnvValue } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import type { FlannelBackend } from "../../../environment/network-plugin";
import { assertNever } from "../../../errors/assert-never";
import {
  Account,
  ComponentNamespace,
  ConfigFile,
  json,
  Naming,
  NodeAgent,
  pinnedImage,
  Rights,
  type ContainerSpec,
  type Mount,
  type ProbeSpec,
  type ResourceRule,
  type TaskContainerSpec,
} from "../../../kit";
import { BINARIES, CONFIGURATION, INSTALLER, NODE_VOLUMES, ON_EVERY_NODE, XTABLES } from "../node-network";
import { FLANNEL_IMAGES } from "./images";
import { FLANNEL_NAMESPACE as namespace } from "./namespace";

const NAME = "flannel";
const FOLDER = "/etc/kube-flannel";
/** On loopback: nothing outside of the node asks. */
const HEALTH = { ip: "127.0.0.1", port: 8081 } as const;
/** The port of its VXLAN, udp; it is Flannel's own default, not VXLAN's 4789. */
const VXLAN_PORT = 8472;

/** Settings of Flannel, from the plan. */
export interface FlannelChartProps {
  readonly environment: string;
  readonly backend: FlannelBackend;
  /** Addresses of all pods, in CIDR form. */
  readonly podCidr: string;
  /** Of the nodes' own network, in bytes. */
  readonly networkMtu: number;
  /** Whether its rules are of nftables, as kube-proxy's, instead of iptables. */
  readonly nftables: boolean;
}

const RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
];

/** Flannel with its rights, settings and agents. */
export class FlannelChart extends Chart {
  private readonly names: Naming;

  constructor(scope: Construct, id: string, props: FlannelChartProps) {
    super(scope, id);
    this.names = new Naming(NAME, props.environment);
    const identity = this.names.identity("kube-flannel", "network");
    const privileged = new ComponentNamespace(this, "Namespace", {
      ...this.names.identity(namespace, "network"),
      enforce: "privileged",
    });
    const account = new Account(this, "Account", { ...identity, namespace });
    new Rights(this, "Rights", { ...identity, account, everywhere: RULES });
    const [network, plugin] = [this.network(props), this.plugin()];
    const agent = new NodeAgent(this, "Node", {
      ...identity,
      ...ON_EVERY_NODE,
      namespace,
      serviceAccount: account.name,
      initContainers: [pluginInstaller(), configurationInstaller(plugin)],
      containers: [daemon(network)],
      volumes: {
        binaries: NODE_VOLUMES.binaries,
        configuration: NODE_VOLUMES.configuration,
        xtables: NODE_VOLUMES.xtables,
        // The node's range and the MTU, which the plugin reads for each pod.
        run: { kind: "host", path: "/run/flannel", type: "DirectoryOrCreate" },
      },
    });
    privileged.admit(agent);
  }

  private network({ podCidr, nftables, ...props }: FlannelChartProps): ConfigFile {
    return this.file("net-conf.json", {
      Network: podCidr,
      EnableNFTables: nftables,
      Backend: backend(props),
    });
  }

  /** What containerd does with a new pod. */
  private plugin(): ConfigFile {
    const delegate = { hairpinMode: true, isDefaultGateway: true };
    const ports = { type: "portmap", capabilities: { portMappings: true } };
    return this.file("cni-conf.json", {
      name: "pods",
      cniVersion: "0.3.1",
      plugins: [{ type: "flannel", delegate }, ports],
    });
  }

  private file(key: string, content: object): ConfigFile {
    const name = `kube-flannel-${key.replace(/-conf\.json$/, "")}`;
    return new ConfigFile(this, name, {
      ...this.names.identity(name, "network"),
      namespace,
      key,
      content: json(content),
    });
  }
}

export function flannelCharts(scope: App, plan: FlannelChartProps): void {
  new FlannelChart(scope, NAME, plan);
}

/** Its MTU is that of the packets outside: Flannel itself subtracts what VXLAN needs. */
function backend({ backend: kind, networkMtu }: Pick<FlannelChartProps, "backend" | "networkMtu">): object {
  switch (kind) {
    case "vxlan":
      return { Type: "vxlan", Port: VXLAN_PORT, MTU: networkMtu };
    case "host-gw":
      return { Type: "host-gw" };
    default:
      return assertNever(kind);
  }
}

function pluginInstaller(): TaskContainerSpec {
  return {
    ...INSTALLER,
    name: "install-cni-plugin",
    image: pinnedImage(FLANNEL_IMAGES.plugin),
    command: ["cp"],
    args: ["-f", "/flannel", "/opt/cni/bin/flannel"],
    mounts: [BINARIES],
  };
}

/** The image's own program replaces the file at once, so that containerd never reads half of it. */
function configurationInstaller(config: ConfigFile): TaskContainerSpec {
  const source = `${FOLDER}/${config.key}`;
  return {
    ...INSTALLER,
    name: "install-cni",
    image: pinnedImage(FLANNEL_IMAGES.flannel),
    command: ["/opt/bin/install-conf"],
    args: [source, "/etc/cni/net.d/10-flannel.conflist"],
    mounts: [CONFIGURATION, { kind: "config", path: source, config }],
  };
}

function daemon(config: ConfigFile): ContainerSpec {
  const run: Mount = { kind: "volume", volume: "run", path: "/run/flannel" };
  return {
    name: "kube-flannel",
    image: pinnedImage(FLANNEL_IMAGES.flannel),
    command: ["/opt/bin/flanneld"],
    args: [
      "--ip-masq",
      "--kube-subnet-mgr",
      `--healthz-ip=${HEALTH.ip}`,
      `--healthz-port=${String(HEALTH.port)}`,
    ],
    env: {
      POD_NAME: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAME),
      POD_NAMESPACE: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAMESPACE),
      // Changes of nodes that wait while it is busy.
      EVENT_QUEUE_DEPTH: "5000",
      CONT_WHEN_CACHE_NOT_READY: "false",
    },
    ports: { healthz: HEALTH.port },
    mounts: [
      { kind: "serviceAccount" },
      run,
      XTABLES,
      { kind: "config", path: `${FOLDER}/${config.key}`, config },
    ],
    resources: { request: { cpuMillis: 100, memoryMiB: 50 }, limit: { cpuMillis: 500, memoryMiB: 200 } },
    user: "image",
    security: {
      reason: "makes an interface, routes and rules of the node",
      allow: ["rootUser", "hostNetwork", "hostPath", "writableRootFilesystem"],
      capabilities: ["NET_ADMIN", "NET_RAW"],
    },
    probes: { kind: "both", readiness: probe("/readyz"), liveness: { ...probe("/healthz"), period: 30 } },
  };
}

function probe(path: string): ProbeSpec {
  return { kind: "http", path, port: HEALTH.port, host: HEALTH.ip };
}
