/**
 * Weave Net, as in the manifests of its fork's 2.9: an encrypted mesh between nodes, with addresses that the nodes share
 * among themselves. In kube-system, where it looks for its own ConfigMap.
 */
import { Chart, type App } from "cdk8s";
import { EnvFieldPaths, EnvValue, Secret, type ISecret } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { secretValue } from "../../../environment/secrets";
import {
  Account,
  Naming,
  NodeAgent,
  pinnedImage,
  Rights,
  type ContainerSpec,
  type Mount,
  type ResourceRule,
  type TaskContainerSpec,
} from "../../../kit";
import { MODULES, NODE_VOLUMES, ON_EVERY_NODE, XTABLES } from "../node-network";
import { WEAVE_IMAGES } from "./images";
import { WEAVE_PASSWORD } from "./secrets";

const NAME = "weave-net";
const namespace = "kube-system";
const PASSWORD = "weave-password";
const PASSWORD_KEY = "password";

/** Settings of Weave Net, from the plan. */
export interface WeaveChartProps {
  readonly environment: string;
  /** Addresses of all pods, in CIDR form. */
  readonly podCidr: string;
  /** Of pods' interfaces, in bytes. */
  readonly podMtu: number;
}

const READ = ["get", "list", "watch"] as const;
const RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["pods", "namespaces", "nodes"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: READ },
  { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch", "update"] },
];
/** Who of the nodes has which addresses. */
const NAMESPACE_RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["configmaps"], resourceNames: [NAME], verbs: ["get", "update"] },
  { apiGroups: [""], resources: ["configmaps"], verbs: ["create"] },
];

/** Weave Net with its rights, password and agents. */
export class WeaveChart extends Chart {
  constructor(scope: Construct, id: string, props: WeaveChartProps) {
    super(scope, id);
    const names = new Naming("weave", props.environment);
    const identity = names.identity(NAME, "network");
    const account = new Account(this, "Account", { ...identity, namespace });
    new Rights(this, "Rights", {
      ...identity,
      account,
      everywhere: RULES,
      inNamespace: NAMESPACE_RULES,
    });
    new Secret(this, "Password", {
      metadata: names.metadata(PASSWORD, "network", namespace),
      immutable: false,
      stringData: { [PASSWORD_KEY]: secretValue(WEAVE_PASSWORD).toString() },
    });
    const password = Secret.fromSecretName(this, "PasswordReference", PASSWORD);
    new NodeAgent(this, "Node", {
      ...identity,
      ...ON_EVERY_NODE,
      namespace,
      serviceAccount: account.name,
      token: "everyContainer",
      initContainers: [INSTALLER],
      containers: [router(props, password), POLICIES],
      volumes: {
        modules: NODE_VOLUMES.modules,
        xtables: NODE_VOLUMES.xtables,
        database: { kind: "host", path: "/var/lib/weave", type: "DirectoryOrCreate" },
        opt: { kind: "host", path: "/opt", type: "Directory" },
        home: { kind: "host", path: "/home", type: "Directory" },
        etc: { kind: "host", path: "/etc", type: "Directory" },
        dbus: { kind: "host", path: "/var/lib/dbus", type: "DirectoryOrCreate" },
        machine: { kind: "host", path: "/etc/machine-id", type: "File" },
      },
    });
  }
}

export function weaveCharts(scope: App, plan: WeaveChartProps): void {
  new WeaveChart(scope, "weave", plan);
}

const mount = (volume: string, path: string): Mount => ({ kind: "volume", volume, path });

const PRIVILEGED = {
  user: "image",
  resources: { request: { cpuMillis: 50, memoryMiB: 100 }, limit: { cpuMillis: 1000, memoryMiB: 500 } },
  security: {
    reason: "sets interfaces and rules of the node",
    allow: ["privileged", "rootUser", "writableRootFilesystem"],
  },
} as const satisfies Partial<ContainerSpec>;

const IMAGE = pinnedImage(WEAVE_IMAGES.weave);

/** Its script looks for the plugin's places below these. */
const INSTALLER: TaskContainerSpec = {
  ...PRIVILEGED,
  name: "weave-init",
  image: IMAGE,
  command: ["/home/weave/init.sh"],
  mounts: [
    mount("opt", "/host/opt"),
    mount("home", "/host/home"),
    mount("etc", "/host/etc"),
    MODULES,
    XTABLES,
  ],
};

const NODE_NAME = { HOSTNAME: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME) };

function router({ podCidr, podMtu }: WeaveChartProps, secret: ISecret): ContainerSpec {
  return {
    ...PRIVILEGED,
    name: "weave",
    image: IMAGE,
    command: ["/home/weave/launch.sh"],
    env: {
      ...NODE_NAME,
      INIT_CONTAINER: "true",
      // Otherwise it asks a server of its former makers for updates.
      CHECKPOINT_DISABLE: "1",
      IPALLOC_RANGE: podCidr,
      WEAVE_MTU: String(podMtu),
      WEAVE_PASSWORD: { secret, key: PASSWORD_KEY },
    },
    mounts: [
      mount("database", "/weavedb"),
      mount("dbus", "/host/var/lib/dbus"),
      mount("machine", "/host/etc/machine-id"),
      XTABLES,
    ],
    probes: {
      kind: "both",
      readiness: { kind: "http", host: "127.0.0.1", path: "/status", port: 6784 },
      liveness: { kind: "http", host: "127.0.0.1", path: "/status", port: 6784, delay: 60, failures: 6 },
    },
  };
}

const POLICIES: ContainerSpec = {
  ...PRIVILEGED,
  name: "weave-npc",
  image: pinnedImage(WEAVE_IMAGES.policies),
  env: NODE_NAME,
  mounts: [XTABLES],
  probes: { kind: "none", reason: "it has no endpoint that reports on it, and ends when it fails" },
};
