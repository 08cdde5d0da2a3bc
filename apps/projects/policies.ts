/** Flows of a project: into each stack by the ports of its row, and out of the project's two namespaces. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { CLUSTER_DNS, metadataOf, selectorOf } from "../../kit";
import { notPublic } from "../hub/networks";
import { computeNamespace, identityOf, STACK_LABEL, SUBMITS_LABEL } from "./names";
import type { ProjectPlan } from "./plan";
import type { Caller, StackPort } from "./stacks/definition";
import { NOTEBOOKS } from "./stacks/kinds";
import type { StackPlan } from "./stacks/plan";

type Ports = Readonly<Record<string, StackPort>>;
type Peer = k8s.NetworkPolicyPeer;

/** Policies of the namespace of the stacks, which denies all other traffic. */
export class ProjectPolicies extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly plan: ProjectPlan,
  ) {
    super(scope, id);
    for (const stack of plan.stacks) this.stack(new Construct(this, stack.name), stack);
    for (const { objectName, port } of plan.services)
      this.into(this, objectName, objectName, { page: { port, from: ["page"] } }, []);
    outward(this, plan, plan.namespace.name);
    if (plan.stacks.some((stack) => stack.type === "web" && stack.submitsPods)) this.api();
  }

  private stack(scope: Construct, stack: StackPlan): void {
    if (stack.type === "web") {
      this.into(scope, "Page", stack.objectName, stack.ports, []);
      return;
    }
    const parts = [stack.scheduler.objectName, stack.worker.objectName];
    this.into(scope, "Scheduler", stack.scheduler.objectName, stack.scheduler.ports, parts);
    this.into(scope, "Worker", stack.worker.objectName, stack.worker.ports, parts);
    if (stack.callsBack !== undefined) this.callBack(scope, stack, stack.callsBack);
  }

  /** @param workers names of the pods of the same cluster */
  private into(scope: Construct, id: string, name: string, ports: Ports, workers: readonly string[]): void {
    new k8s.KubeNetworkPolicy(scope, id, {
      metadata: this.metadata(name),
      spec: {
        podSelector: { matchLabels: { ...selectorOf({ name }) } },
        policyTypes: ["Ingress"],
        ingress: Object.values(ports).map((port) => ({
          from: port.from.flatMap((caller) => this.peers(caller, workers)),
          ports: [portOf(port)],
        })),
      },
    });
  }

  /** Workers connect to the notebook whose program they work for. */
  private callBack(
    scope: Construct,
    { objectName, worker }: Extract<StackPlan, { type: "cluster" }>,
    port: StackPort,
  ): void {
    new k8s.KubeNetworkPolicy(scope, "CallBack", {
      metadata: this.metadata(`${objectName}-drivers`),
      spec: {
        podSelector: { matchExpressions: [{ key: STACK_LABEL, operator: "In", values: [...NOTEBOOKS] }] },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: port.from.flatMap((caller) => this.peers(caller, [worker.objectName])),
            ports: [portOf(port)],
          },
        ],
      },
    });
  }

  /** Notebooks that start pods ask the API server. */
  private api(): void {
    const { serviceCidr, nodeCidr } = this.plan.cluster;
    const to = (cidr: string, port: number) => ({ to: [{ ipBlock: { cidr } }], ports: [tcp(port)] });
    new k8s.KubeNetworkPolicy(this, "Api", {
      metadata: this.metadata("submission"),
      spec: {
        podSelector: { matchLabels: { [SUBMITS_LABEL]: "true" } },
        policyTypes: ["Egress"],
        // Some network plugins check a packet before its Service address is translated, others after.
        egress: [to(serviceCidr, 443), to(nodeCidr, 6443)],
      },
    });
  }

  private peers(caller: Caller, workers: readonly string[]): readonly Peer[] {
    const { ingress } = this.plan.cluster;
    switch (caller) {
      case "page":
        return ingress.pods.map((labels) => ({
          ...inNamespace(ingress.namespace),
          podSelector: { matchLabels: { ...labels } },
        }));
      case "project":
        return [{ podSelector: {} }];
      case "compute":
        return [inNamespace(computeNamespace(this.plan.project))];
      case "workers":
        return workers.map((name) => ({ podSelector: { matchLabels: { ...selectorOf({ name }) } } }));
    }
  }

  private metadata(name: string) {
    return metadataOf(identityOf(this.plan, name, "policy"), this.plan.namespace.name);
  }
}

/** Pods that the project's programs start: they connect to each other and to the stacks, and are reached by both. */
export class ComputePolicy extends Construct {
  constructor(scope: Construct, id: string, plan: ProjectPlan) {
    super(scope, id);
    const namespace = computeNamespace(plan.project);
    new k8s.KubeNetworkPolicy(this, "Inward", {
      metadata: metadataOf(identityOf(plan, "from-project", "policy"), namespace),
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: {} }, inNamespace(plan.namespace.name)] }],
      },
    });
    outward(this, plan, namespace);
  }
}

/** To DNS, to the pods of both namespaces, whose own policies decide, and to the internet. */
function outward(scope: Construct, plan: ProjectPlan, namespace: string): void {
  new k8s.KubeNetworkPolicy(scope, "Outward", {
    metadata: metadataOf(identityOf(plan, "to-project", "policy"), namespace),
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              ...inNamespace(CLUSTER_DNS.namespace),
              podSelector: { matchLabels: { ...CLUSTER_DNS.labels } },
            },
          ],
          ports: [{ protocol: "UDP", port: k8s.IntOrString.fromNumber(53) }, tcp(53)],
        },
        { to: [plan.namespace.name, computeNamespace(plan.project)].map(inNamespace) },
        ...(plan.internet
          ? [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...notPublic(plan.cluster)] } }] }]
          : []),
      ],
    },
  });
}

function inNamespace(name: string): Pick<Peer, "namespaceSelector"> {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: "TCP", port: k8s.IntOrString.fromNumber(port) };
}

function portOf({ port, to }: StackPort): k8s.NetworkPolicyPort {
  return { ...tcp(port), ...(to === undefined ? {} : { endPort: to }) };
}
