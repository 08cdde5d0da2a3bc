/**
 * kube-network-policies on every node, as in its own manifests of 1.1: it decides on the first packet of each connection,
 * which the kernel hands to it through a queue (NFQUEUE); packets of a connection that it admitted do not pass it.
 */
import { Chart, type App } from "cdk8s";
import { EnvFieldPaths, EnvValue } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import {
  Account,
  ComponentNamespace,
  Naming,
  NodeAgent,
  pinnedImage,
  Rights,
  type ContainerSpec,
  type ResourceRule,
} from "../../../kit";
import { ON_EVERY_NODE } from "../node-network";
import { KUBE_NETWORK_POLICIES_IMAGES } from "./images";
import { KUBE_NETWORK_POLICIES_NAMESPACE as namespace } from "./namespace";

const NAME = "kube-network-policies";
/** Number of its queue in the kernel. */
const QUEUE = 98;

/** It has no other endpoint; on loopback, since nothing outside of the node asks. */
const HEALTH = { kind: "http", path: "/metrics", port: 9080, host: "127.0.0.1" } as const;

/** Settings of kube-network-policies, from the plan. */
export interface KubeNetworkPoliciesChartProps {
  readonly environment: string;
}

const RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["pods", "namespaces"], verbs: ["list", "watch"] },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
];

/** kube-network-policies with its rights and agents. */
export class KubeNetworkPoliciesChart extends Chart {
  constructor(scope: Construct, id: string, { environment }: KubeNetworkPoliciesChartProps) {
    super(scope, id);
    const names = new Naming(NAME, environment);
    const identity = names.identity(NAME, "network");
    const privileged = new ComponentNamespace(this, "Namespace", {
      ...names.identity(namespace, "network"),
      enforce: "privileged",
    });
    const account = new Account(this, "Account", { ...identity, namespace });
    new Rights(this, "Rights", { ...identity, account, everywhere: RULES });
    const agent = new NodeAgent(this, "Node", {
      ...identity,
      ...ON_EVERY_NODE,
      namespace,
      serviceAccount: account.name,
      containers: [CONTAINER],
      volumes: {
        // The container runtime reports new pods there, before their first packet.
        runtime: { kind: "host", path: "/var/run/nri", type: "DirectoryOrCreate" },
        namespaces: { kind: "host", path: "/var/run/netns", type: "DirectoryOrCreate" },
      },
    });
    privileged.admit(agent);
  }
}

const CONTAINER: ContainerSpec = {
  name: NAME,
  image: pinnedImage(KUBE_NETWORK_POLICIES_IMAGES.agent),
  args: [
    "/bin/netpol",
    "--hostname-override=$(NODE_NAME)",
    "--v=2",
    `--nfqueue-id=${String(QUEUE)}`,
    `--metrics-bind-address=${HEALTH.host}:${String(HEALTH.port)}`,
  ],
  env: { NODE_NAME: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME) },
  mounts: [
    { kind: "serviceAccount" },
    { kind: "volume", volume: "runtime", path: "/var/run/nri" },
    { kind: "volume", volume: "namespaces", path: "/var/run/netns", propagation: "HostToContainer" },
  ],
  resources: { request: { cpuMillis: 100, memoryMiB: 50 }, limit: { cpuMillis: 1000, memoryMiB: 300 } },
  user: "image",
  security: {
    reason: "decides on packets of the node, and enters the network of its pods",
    allow: ["privileged", "rootUser", "writableRootFilesystem"],
  },
  ports: { metrics: HEALTH.port },
  probes: { kind: "both", readiness: HEALTH, liveness: { ...HEALTH, failures: 6 } },
};

export function kubeNetworkPoliciesCharts(scope: App, plan: KubeNetworkPoliciesChartProps): void {
  new KubeNetworkPoliciesChart(scope, NAME, plan);
}
