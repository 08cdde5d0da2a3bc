/** A scheduler of its own for people's servers: it fills nodes one after the other, so that others become free. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { PinnedImage } from "../../../environment/parts/images";
import {
  Account,
  ConfigFile,
  Controller,
  FlowPolicy,
  json,
  metadataOf,
  NOBODY,
  pinnedImage,
  Rights,
  type ContainerSpec,
} from "../../../kit";
import { identityOf } from "../names";
import { coreScheduling } from "../node-purposes";
import { schedulerName, SCHEDULING_COMPONENTS } from "./names";
import { schedulerEndpoint, type SchedulingPlan } from "./plan";
import { LEASE, schedulerConfig } from "./scheduler-config";

const CONFIG_PATH = "/etc/user-scheduler/config.yaml";
const PORT = 10259;

/**
 * The API server makes these roles at its start, as its own release of the scheduler needs them: a copy would have to
 * change with each release.
 */
const SCHEDULER_ROLES = ["system:kube-scheduler", "system:volume-scheduler"] as const;

export class UserScheduler extends Construct {
  readonly controller: Controller;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: SchedulingPlan,
    image: PinnedImage,
  ) {
    super(scope, id);
    const { environment, namespace, flows, cluster } = plan;
    const name = SCHEDULING_COMPONENTS.scheduler;
    const identity = identityOf(plan, name, name);
    const config = new ConfigFile(this, "Config", {
      ...identity,
      namespace,
      key: "config.yaml",
      content: json(schedulerConfig(schedulerName(environment), namespace)),
    });
    this.controller = new Controller(this, "Scheduler", {
      ...identity,
      ...coreScheduling(plan),
      namespace,
      replicas: 2,
      podLabels: { app: "jupyterhub", component: name },
      serviceAccount: this.access(),
      containers: [container(image, config)],
    });
    new FlowPolicy(this, "Policy", { ...identity, endpoint: schedulerEndpoint(namespace), flows, cluster });
  }

  private access(): string {
    const { environment, namespace } = this.plan;
    const name = SCHEDULING_COMPONENTS.scheduler;
    const identity = identityOf(this.plan, name, "access");
    const account = new Account(this, "Account", { ...identity, namespace });
    for (const role of SCHEDULER_ROLES)
      new k8s.KubeClusterRoleBinding(this, role, {
        metadata: metadataOf({
          ...identity,
          name: `${schedulerName(environment)}-${role.replace("system:", "")}`,
        }),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ kind: "ServiceAccount", name: account.name, namespace }],
      });
    new Rights(this, "Rights", {
      ...identity,
      account,
      inNamespace: [
        { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          verbs: ["get", "update"],
          resourceNames: [LEASE],
        },
      ],
    });
    return account.name;
  }
}

function container(image: PinnedImage, config: ConfigFile): ContainerSpec {
  const health = { kind: "http", path: "/healthz", port: PORT, scheme: "HTTPS" } as const;
  return {
    name: "kube-scheduler",
    image: pinnedImage(image),
    command: ["/usr/local/bin/kube-scheduler"],
    args: [`--config=${CONFIG_PATH}`, `--secure-port=${PORT}`],
    mounts: [{ kind: "config", path: CONFIG_PATH, config }, { kind: "serviceAccount" }],
    resources: {
      request: { cpuMillis: 25, memoryMiB: 64 },
      limit: { cpuMillis: 500, memoryMiB: 512 },
    },
    user: NOBODY,
    probes: {
      kind: "both",
      readiness: health,
      liveness: { ...health, delay: 15, failures: 6 },
    },
  };
}
