/**
 * kube-router on every node: as the network of the pods, by routes that the nodes announce to each other over BGP, or only as
 * the firewall that enforces NetworkPolicies beside another network plugin. Services are kube-proxy's.
 */
import { Chart, type App } from "cdk8s";
import { EnvFieldPaths, EnvValue } from "cdk8s-plus-27";
import type { Construct } from "constructs";
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
  type Probes,
  type ResourceRule,
  type TaskContainerSpec,
} from "../../../kit";
import {
  BINARIES,
  CONFIGURATION,
  INSTALLER,
  MODULES,
  NODE_VOLUMES,
  ON_EVERY_NODE,
  XTABLES,
} from "../node-network";
import { KUBE_ROUTER_IMAGES } from "./images";
import { KUBE_ROUTER_NAMESPACE as namespace } from "./namespace";

const NAME = "kube-router";
const IMAGE = pinnedImage(KUBE_ROUTER_IMAGES.kubeRouter);
/** It listens on all addresses of the node; the plan lets only servers and pods of the cluster in. */
const HEALTH_PORT = 20244;
/** File of the node from which containerd takes the network of a pod. */
const INSTALLED = "/etc/cni/net.d/10-kuberouter.conflist";

/** What kube-router does. */
export type KubeRouterRole =
  /** The network of the pods, NetworkPolicies included. `mtu`: of pods' interfaces, in bytes. */
  | { readonly kind: "network"; readonly mtu: number }
  /** NetworkPolicies only, beside another network plugin. */
  | { readonly kind: "policies" };

/** Settings of kube-router, from the plan. */
export interface KubeRouterChartProps {
  readonly environment: string;
  readonly role: KubeRouterRole;
  /** Addresses of Services. */
  readonly serviceCidr: string;
}

const READ = ["get", "list", "watch"] as const;

/** It only reads: it announces no addresses of Services, and assigns none to load balancers. */
const RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["namespaces", "pods", "services", "nodes", "endpoints"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: READ },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
];

/** kube-router with its rights and agents, and in the role of the network its settings. */
export class KubeRouterChart extends Chart {
  private readonly names: Naming;

  constructor(scope: Construct, id: string, props: KubeRouterChartProps) {
    super(scope, id);
    this.names = new Naming(NAME, props.environment);
    const identity = this.names.identity(NAME, "network");
    const privileged = new ComponentNamespace(this, "Namespace", {
      ...this.names.identity(namespace, "network"),
      enforce: "privileged",
    });
    const account = new Account(this, "Account", { ...identity, namespace });
    new Rights(this, "Rights", { ...identity, account, everywhere: RULES });
    const pod = { ...identity, ...ON_EVERY_NODE, namespace, serviceAccount: account.name };
    privileged.admit(new NodeAgent(this, "Node", { ...pod, ...this.work(props) }));
  }

  private work({ role, serviceCidr }: KubeRouterChartProps) {
    const { modules, xtables, ...installed } = NODE_VOLUMES;
    switch (role.kind) {
      case "network":
        return {
          initContainers: [installer(this.network(role.mtu))],
          containers: [router(role, serviceCidr)],
          volumes: { modules, xtables, ...installed },
        };
      case "policies":
        return { containers: [router(role, serviceCidr)], volumes: { modules, xtables } };
      default:
        return assertNever(role);
    }
  }

  /** A bridge on each node, to which kube-router adds the node's range, and ports of the node for pods that ask. */
  private network(mtu: number): ConfigFile {
    const ipam = { type: "host-local" };
    const bridge = { type: "bridge", bridge: "kube-bridge", isDefaultGateway: true, hairpinMode: true };
    const ports = { type: "portmap", capabilities: { portMappings: true } };
    return new ConfigFile(this, "Configuration", {
      ...this.names.identity("kube-router-cni", "network"),
      namespace,
      key: "cni-conf.json",
      content: json({ cniVersion: "0.3.0", name: "pods", plugins: [{ ...bridge, mtu, ipam }, ports] }),
    });
  }
}

export function kubeRouterCharts(scope: App, plan: KubeRouterChartProps): void {
  new KubeRouterChart(scope, NAME, plan);
}

/** Rewritten at each start, so that a change of the MTU arrives; kube-router then adds the node's range. */
function installer(config: ConfigFile): TaskContainerSpec {
  const path = "/etc/kube-router/cni-conf.json";
  const partial = "/etc/cni/net.d/.kuberouter";
  const script = [`/usr/local/bin/cni-install`, `cp ${path} ${partial}`, `mv ${partial} ${INSTALLED}`];
  return {
    ...INSTALLER,
    name: "install-cni",
    image: IMAGE,
    command: ["/bin/sh", "-ec", script.join("\n")],
    mounts: [BINARIES, CONFIGURATION, { kind: "config", path, config }],
  };
}

function router(role: KubeRouterRole, serviceCidr: string): ContainerSpec {
  const network = role.kind === "network";
  return {
    name: NAME,
    image: IMAGE,
    args: [
      "--run-service-proxy=false",
      "--run-firewall=true",
      `--service-cluster-ip-range=${serviceCidr}`,
      ...(network
        ? [
            "--run-router=true",
            // All nodes are in one subnet, whose ports admit the pods' addresses.
            "--enable-overlay=false",
            "--auto-mtu=false",
            "--bgp-graceful-restart=true",
          ]
        : ["--run-router=false", "--enable-cni=false"]),
    ],
    env: {
      NODE_NAME: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME),
      POD_NAME: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAME),
      ...(network ? { KUBE_ROUTER_CNI_CONF_FILE: EnvValue.fromValue(INSTALLED) } : {}),
    },
    ports: { healthz: HEALTH_PORT },
    mounts: [{ kind: "serviceAccount" }, MODULES, XTABLES, ...(network ? [CONFIGURATION] : [])],
    resources: { request: { cpuMillis: 250, memoryMiB: 250 }, limit: { cpuMillis: 1000, memoryMiB: 512 } },
    user: "image",
    security: {
      reason: "sets routes, rules and kernel settings of the node",
      allow: ["privileged", "rootUser", "writableRootFilesystem"],
    },
    probes: PROBES,
  };
}

const PROBES: Probes = (() => {
  const probe = { kind: "http", path: "/healthz", port: HEALTH_PORT, host: "localhost", delay: 10 } as const;
  // The first tables of a large cluster take a while.
  return { kind: "both", readiness: probe, liveness: { ...probe, failures: 6 } };
})();
