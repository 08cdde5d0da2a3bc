/**
 * Calico: on every node Felix, which sets routes and rules, and beside it bird where nodes announce routes to each other over BGP;
 * one controller that frees addresses; Typha between them and the API in large clusters.
 */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import {
  Account,
  ComponentNamespace,
  Controller,
  Naming,
  NodeAgent,
  ON_CONTROL_PLANES,
  ReplicatedService,
  Rights,
  type Admitted,
  type ResourceRule,
  type Toleration,
} from "../../../kit";
import { OpenDefinitions } from "../definitions";
import { ON_EVERY_NODE } from "../node-network";
import { CALICO_VOLUMES, controllers, installer, node, TYPHA, typha } from "./containers";
import { CALICO_DEFINITIONS, CALICO_GROUP } from "./definitions";
import { CALICO_NAMESPACE as namespace } from "./namespace";
import type { CalicoChartProps } from "./props";
import { CONTROLLER_RULES, NODE_RULES, PLUGIN_RULES } from "./rights";

const NODE = "calico-node";
const CONTROLLERS = "calico-kube-controllers";

/** A new node, before anything has initialized it: the cluster has no other before its network is there. */
const ON_NEW_NODES: readonly Toleration[] = [
  ON_CONTROL_PLANES,
  { kind: "taint", key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
  { kind: "taint", key: "node.cloudprovider.kubernetes.io/uninitialized", effect: "NoSchedule" },
];

/** Calico with its definitions, rights, agents and controller. */
export class CalicoChart extends Chart {
  private readonly names: Naming;

  constructor(scope: Construct, id: string, props: CalicoChartProps) {
    super(scope, id);
    this.names = new Naming("calico", props.environment);
    const privileged = new ComponentNamespace(this, "Namespace", {
      ...this.names.identity(namespace, "network"),
      enforce: "privileged",
    });
    const definitions = new OpenDefinitions(this, "Definitions", {
      group: CALICO_GROUP,
      kinds: CALICO_DEFINITIONS,
      identityOf: (name) => this.names.identity(name, "network"),
    });
    this.account(NODE, NODE_RULES);
    // The plugin runs outside of any pod, with a token of this account that calico-node asks for.
    this.account("calico-cni-plugin", PLUGIN_RULES);
    this.account(CONTROLLERS, CONTROLLER_RULES);
    const { typhaReplicas } = props;
    const workloads = [
      this.agent(props),
      this.controller(),
      ...(typhaReplicas === undefined ? [] : [this.typha(typhaReplicas)]),
    ];
    for (const workload of workloads) workload.node.addDependency(definitions);
    privileged.admit(...(workloads satisfies readonly Admitted[]));
  }

  private account(name: string, everywhere: readonly ResourceRule[]): void {
    const identity = this.names.identity(name, "network");
    const account = new Account(this, `${name}-account`, { ...identity, namespace });
    new Rights(this, `${name}-rights`, { ...identity, account, everywhere });
  }

  private agent(props: CalicoChartProps): NodeAgent {
    return new NodeAgent(this, "Node", {
      ...this.names.identity(NODE, "network"),
      ...ON_EVERY_NODE,
      namespace,
      serviceAccount: NODE,
      // Routes and rules stay in the kernel; the sooner the next one starts, the shorter nobody changes them.
      stopSeconds: 5,
      initContainers: [installer(props)],
      containers: [node(props)],
      volumes: CALICO_VOLUMES,
    });
  }

  private controller(): Controller {
    return new Controller(this, "Controllers", {
      ...this.names.identity(CONTROLLERS, "network"),
      namespace,
      serviceAccount: CONTROLLERS,
      replicas: 1,
      // Two at once would free the same addresses.
      update: "recreate",
      nodeSelector: ON_EVERY_NODE.nodeSelector,
      priorityClass: "system-cluster-critical",
      tolerations: ON_NEW_NODES,
      containers: [controllers()],
    });
  }

  private typha(replicas: number): ReplicatedService {
    return new ReplicatedService(this, "Typha", {
      ...this.names.identity(TYPHA.name, "network"),
      ...ON_EVERY_NODE,
      namespace,
      serviceAccount: NODE,
      replicas,
      // Two on one node would need the same port.
      update: "inPlace",
      priorityClass: "system-cluster-critical",
      // Its clients move to other replicas one by one.
      stopSeconds: 300,
      containers: [typha()],
      service: { name: TYPHA.name, ports: [{ name: TYPHA.name, port: TYPHA.port }] },
    });
  }
}

export function calicoCharts(scope: App, plan: CalicoChartProps): void {
  new CalicoChart(scope, "calico", plan);
}
