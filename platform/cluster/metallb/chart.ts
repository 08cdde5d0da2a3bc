/**
 * MetalLB with addresses of the network that it lives in: a controller gives them to Services, and of the speakers, one on
 * each worker, one answers for each address (layer 2). Its webhook is left out: it needs a certificate that outlives the
 * controller, and the program writes the only pool; the speakers check it themselves.
 */
import { ApiObject, Chart, type App } from "cdk8s";
import { EnvFieldPaths, EnvValue, Secret, type ISecret } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import {
  Account,
  ComponentNamespace,
  ConfigFile,
  Controller,
  HELPER_RESOURCES,
  json,
  Naming,
  NOBODY,
  NodeAgent,
  pinnedImage,
  Rights,
  type ContainerSpec,
  type ResourceRule,
} from "../../../kit";
import { OpenDefinitions } from "../definitions";
import { METALLB_DEFINITIONS, METALLB_GROUP, METALLB_VERSION } from "./definitions";
import { METALLB_IMAGES } from "./images";
import { INGRESS_POOL, METALLB_CLASS, METALLB_CONTROLLER as CONTROLLER } from "./names";
import { METALLB_NAMESPACE as namespace } from "./namespace";
import {
  CONTROLLER_NAMESPACE_RULES,
  CONTROLLER_RULES,
  SPEAKER_NAMESPACE_RULES,
  SPEAKER_RULES,
} from "./rights";

const SPEAKER = "metallb-speaker";
/** Key of the speakers' messages; the controller makes it, and it goes with the controller. */
const MEMBERS_SECRET = "metallb-members";
const METRICS_PORT = 9120;
const HEALTH_PORT = 17472;
/** Where speakers find each other. */
const MEMBERS_PORT = 7946;

export interface MetallbChartProps {
  readonly environment: string;
  /** The address of the ingress controller. Ports of the workers may use it. */
  readonly address: string;
}

/** MetalLB with its definitions, rights, programs and the pool of the ingress controller. */
export class MetallbChart extends Chart {
  private readonly names: Naming;

  constructor(scope: Construct, id: string, { environment, address }: MetallbChartProps) {
    super(scope, id);
    this.names = new Naming("metallb", environment);
    const privileged = new ComponentNamespace(this, "Namespace", {
      ...this.names.identity(namespace, "controller"),
      enforce: "privileged",
    });
    const definitions = new OpenDefinitions(this, "Definitions", {
      group: METALLB_GROUP,
      kinds: METALLB_DEFINITIONS,
      identityOf: (name) => this.names.identity(name, "controller"),
    });
    this.account(CONTROLLER, CONTROLLER_RULES, CONTROLLER_NAMESPACE_RULES);
    this.account(SPEAKER, SPEAKER_RULES, SPEAKER_NAMESPACE_RULES);
    const workloads = [this.controller(), this.speaker()];
    for (const workload of workloads) workload.node.addDependency(definitions);
    privileged.admit(...workloads);
    for (const object of this.pool(address)) object.node.addDependency(definitions);
  }

  private account(
    name: string,
    everywhere: readonly ResourceRule[],
    inNamespace: readonly ResourceRule[],
  ): void {
    const identity = this.names.identity(name, "controller");
    const account = new Account(this, `${name}-account`, { ...identity, namespace });
    new Rights(this, `${name}-rights`, { ...identity, account, everywhere, inNamespace });
  }

  private controller(): Controller {
    return new Controller(this, "Controller", {
      ...this.names.identity(CONTROLLER, "controller"),
      namespace,
      serviceAccount: CONTROLLER,
      replicas: 1,
      // Two at once would give the same address twice.
      update: "recreate",
      priorityClass: "system-cluster-critical",
      containers: [CONTROLLER_CONTAINER],
    });
  }

  private speaker(): NodeAgent {
    const excluded = new ConfigFile(this, "Interfaces", {
      ...this.names.identity("metallb-interfaces", "speaker"),
      namespace,
      key: "excludel2.yaml",
      content: json({ announcedInterfacesToExclude: POD_INTERFACES }),
    });
    const members = Secret.fromSecretName(this, "Members", MEMBERS_SECRET);
    return new NodeAgent(this, "Speaker", {
      ...this.names.identity(SPEAKER, "speaker"),
      namespace,
      serviceAccount: SPEAKER,
      hostNetwork: true,
      priorityClass: "system-node-critical",
      nodeSelector: { "kubernetes.io/os": "linux" },
      // Its addresses move to other nodes as soon as it is gone.
      stopSeconds: 2,
      fsGroup: NOBODY.gid,
      containers: [speakerContainer(excluded, members)],
    });
  }

  private pool(address: string): readonly ApiObject[] {
    const object = (kind: string, spec: object): ApiObject =>
      new ApiObject(this, kind, {
        apiVersion: `${METALLB_GROUP}/${METALLB_VERSION}`,
        kind,
        metadata: this.names.metadata(INGRESS_POOL, "controller", namespace),
        spec,
      });
    return [
      // Other Services ask for no address here: rules of the nodes open the ingress controller's ports alone.
      object("IPAddressPool", { addresses: [`${address}/32`], autoAssign: false }),
      object("L2Advertisement", { ipAddressPools: [INGRESS_POOL] }),
    ];
  }
}

/** Interfaces between a node and its pods, by the names of network plugins: nobody there asks for an address. */
const POD_INTERFACES = [
  "^lo$",
  "^veth.*",
  "^cali.*",
  "^cni.*",
  "^flannel.*",
  "^kube-.*",
  "^vxlan.*",
  "^weave.*",
];

const PROBE = { kind: "http", path: "/readyz", port: HEALTH_PORT, delay: 10 } as const;
const ALIVE = { kind: "http", path: "/healthz", port: HEALTH_PORT, delay: 10 } as const;

const CONTROLLER_CONTAINER: ContainerSpec = {
  name: "controller",
  image: pinnedImage(METALLB_IMAGES.controller),
  args: [
    `--port=${String(METRICS_PORT)}`,
    "--log-level=info",
    `--namespace=${namespace}`,
    `--lb-class=${METALLB_CLASS}`,
    "--webhook-mode=disabled",
    "--disable-cert-rotation",
    `--ml-secret-name=${MEMBERS_SECRET}`,
    `--deployment=${CONTROLLER}`,
  ],
  env: { METALLB_POD_NAME: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAME) },
  mounts: [{ kind: "serviceAccount" }],
  ports: { metrics: METRICS_PORT, health: HEALTH_PORT },
  resources: HELPER_RESOURCES,
  user: NOBODY,
  probes: { kind: "both", readiness: PROBE, liveness: { ...ALIVE, failures: 5 } },
};

function speakerContainer(excluded: ConfigFile, members: ISecret): ContainerSpec {
  const host = "127.0.0.1";
  return {
    name: "speaker",
    image: pinnedImage(METALLB_IMAGES.speaker),
    args: [
      `--port=${String(METRICS_PORT)}`,
      "--log-level=info",
      `--namespace=${namespace}`,
      `--lb-class=${METALLB_CLASS}`,
      `--ml-bindport=${String(MEMBERS_PORT)}`,
      `--ml-labels=app.kubernetes.io/name=${SPEAKER}`,
      "--ml-secret-key-path=/etc/metallb-members",
    ],
    env: {
      METALLB_NODE_NAME: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME),
      METALLB_POD_NAME: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAME),
      METALLB_ML_BIND_ADDR: EnvValue.fromFieldRef(EnvFieldPaths.POD_IP),
    },
    mounts: [
      { kind: "serviceAccount" },
      { kind: "config", path: "/etc/metallb/excludel2.yaml", config: excluded },
      { kind: "secret", path: "/etc/metallb-members", secret: members },
    ],
    ports: { metrics: METRICS_PORT, members: MEMBERS_PORT },
    resources: HELPER_RESOURCES,
    user: "image",
    security: {
      reason: "answers for addresses of Services in the node's network (ARP), for which it needs raw packets",
      allow: ["hostNetwork", "rootUser"],
      capabilities: ["NET_RAW"],
    },
    probes: {
      kind: "both",
      readiness: { ...PROBE, host },
      liveness: { ...ALIVE, host, failures: 5 },
    },
  };
}

export function metallbCharts(scope: App, plan: MetallbChartProps): void {
  new MetallbChart(scope, "metallb", plan);
}
