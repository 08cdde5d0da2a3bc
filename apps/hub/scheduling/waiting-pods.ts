/** Pods that only hold a place or an image: placeholders and image pullers. */
import { ApiObject } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { deployOptions } from "../../../deploy/object-options";
import type { PinnedImage } from "../../../environment/parts/images";
import {
  metadataOf,
  needOf,
  NOBODY,
  pinnedImage,
  selectorOf,
  type Amount,
  type ContainerSpec,
  type Need,
  type Resources,
  type TaskContainerSpec,
} from "../../../kit";
import { appArmorOf } from "../../../kit/app-armor";
import { podTemplate } from "../../../kit/pod";
import { APP, identityOf, SERVER_USER } from "../names";
import { userScheduling } from "../node-purposes";
import { PAUSE } from "./images";
import { priorityClass, schedulerName, SCHEDULING_COMPONENTS, type Priority } from "./names";
import type { SchedulingPlan } from "./plan";

/** Of a container that sleeps, or that ends as soon as its image is there. */
const NEXT_TO_NOTHING: Resources = {
  request: { cpuMillis: 1, memoryMiB: 8 },
  limit: { cpuMillis: 50, memoryMiB: 64 },
};

/** Nodes that the quota has room for pullers on; a pool of the program has at most this many servers. */
const PULLER_NODES = 250;

/** Pods of the size of a node, evicted as soon as somebody needs it: the node that replaces it is added before it is missed. */
export class Placeholders extends Construct {
  readonly need: Need;

  constructor(
    scope: Construct,
    id: string,
    plan: SchedulingPlan,
    { replicas, ...size }: Amount & { readonly replicas: number },
  ) {
    super(scope, id);
    const name = SCHEDULING_COMPONENTS.placeholder;
    const resources = placeholderResources(size);
    const set = new ApiObject(this, "StatefulSet", {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: metadataOf(identityOf(plan, name, name), plan.namespace),
      spec: {
        replicas,
        serviceName: name,
        podManagementPolicy: "Parallel",
        revisionHistoryLimit: 3,
        selector: { matchLabels: { ...selectorOf({ name }) } },
        template: template(this, plan, "placeholder", name, [pause(resources)], []),
      },
    });
    // Where no node is free they wait, and so would `up`.
    deployOptions(set, { skipAwait: true });
    new k8s.KubePodDisruptionBudget(this, "DisruptionBudget", {
      metadata: metadataOf(identityOf(plan, name, name), plan.namespace),
      spec: {
        minAvailable: k8s.IntOrString.fromNumber(0),
        selector: { matchLabels: { ...selectorOf({ name }) } },
      },
    });
    this.need = needOf(replicas, [resources]);
  }
}

/** Its limit is of no meaning, but the lab's namespaces want one above the request. */
function placeholderResources({ cpuMillis, memoryMiB }: Amount): Resources {
  return {
    request: { cpuMillis, memoryMiB },
    limit: { cpuMillis: cpuMillis + 1, memoryMiB: memoryMiB + 1 },
  };
}

/** On every node of people's servers a pod that has pulled each image of a server. */
export class ImagePullers extends Construct {
  readonly need = needOf(PULLER_NODES, [NEXT_TO_NOTHING]);

  constructor(scope: Construct, id: string, plan: SchedulingPlan) {
    super(scope, id);
    const name = SCHEDULING_COMPONENTS.puller;
    const set = new ApiObject(this, "DaemonSet", {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: metadataOf(identityOf(plan, name, name), plan.namespace),
      spec: {
        revisionHistoryLimit: 3,
        // All nodes pull a new image at once.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
        selector: { matchLabels: { ...selectorOf({ name }) } },
        template: template(this, plan, "puller", name, [pause(NEXT_TO_NOTHING)], plan.pulled.map(pulling)),
      },
    });
    // A node without the images is slow, and no reason to stop.
    deployOptions(set, { skipAwait: true });
  }
}

function template(
  scope: Construct,
  plan: SchedulingPlan,
  priority: Exclude<Priority, "server">,
  name: string,
  containers: readonly ContainerSpec[],
  initContainers: readonly TaskContainerSpec[],
): object {
  const { metadata, spec } = podTemplate(
    {
      ...identityOf(plan, name, name),
      ...userScheduling(plan),
      namespace: plan.namespace,
      podLabels: { app: APP, component: name },
      priorityClass: priorityClass(plan.environment, priority),
      stopSeconds: 0,
      containers,
      ...(initContainers.length === 0 ? {} : { initContainers }),
    },
    "lean",
    appArmorOf(scope),
  );
  // A DaemonSet's pods have their node already.
  const ofScheduler = plan.scheduler !== undefined && priority === "placeholder";
  return {
    metadata,
    spec: { ...spec, ...(ofScheduler ? { schedulerName: schedulerName(plan.environment) } : {}) },
  };
}

function pause(resources: Resources): ContainerSpec {
  return {
    name: "pause",
    image: pinnedImage(PAUSE),
    resources,
    user: NOBODY,
    probes: { kind: "none", reason: "it does nothing" },
  };
}

function pulling(image: PinnedImage, index: number): TaskContainerSpec {
  return {
    name: `image-pull-${index}`,
    image: pinnedImage(image),
    command: ["/bin/sh", "-c", "echo the image is here"],
    resources: NEXT_TO_NOTHING,
    user: SERVER_USER,
  };
}
