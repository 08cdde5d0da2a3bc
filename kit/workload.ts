/** Long-running pods: replicated ones, a single one with its own data, or one on each node. */
import { ApiObject } from "cdk8s";
import { k8s, Pod, type Service } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { deployOptions } from "../deploy/object-options";
import { assertNever } from "../errors/assert-never";
import { appArmorOf } from "./app-armor";
import { autoscaler, replicaBounds, type Replicas } from "./autoscaling";
import { LabWorkload } from "./lab-workload";
import { metadataOf, selectorOf } from "./names";
import { podTemplate } from "./pod";
import { resourcesOf, type PodSpec } from "./pod-spec";
import { needOf, type Need } from "./resources";
import { topologySpread, type ZoneSpread } from "./scheduling";
import { workloadService, type ServiceSpec } from "./service";
import type { Spelling } from "./spelling";

/**
 * How pods are replaced by those of a new template.
 * - `surge`: a new pod is ready before an old one ends. There is no gap.
 * - `inPlace`: an old pod ends before its successor starts, one at a time; for pods of which a node has room for one.
 * - `recreate`: all old pods end before a new one starts; for pods of which two versions must never run at once.
 */
export type Update = "surge" | "inPlace" | "recreate";

/** A Deployment without a Service. */
export interface ControllerProps extends PodSpec {
  /**
   * A number, a range within which an autoscaler chooses, or `onDemand`. If there may be two or more, they are spread
   * over nodes and drained one at a time.
   */
  readonly replicas: Replicas;
  /** For two or more replicas. @default over nodes only */
  readonly zoneSpread?: ZoneSpread;
  /** @default surge */
  readonly update?: Update;
}

/** A Deployment behind a Service. */
export interface ReplicatedServiceProps extends ControllerProps {
  readonly service: ServiceSpec;
}

/** A StatefulSet of one pod behind a Service. */
export interface SingleStoreProps extends PodSpec {
  readonly service: ServiceSpec;
  /** @default full */
  readonly spelling?: Spelling;
}

/** One pod on each node that it tolerates and selects; so there are no replicas, and no Service in front of them. */
export type NodeAgentProps = PodSpec;

/** A Deployment without a Service: it watches the API, a queue or a clock. */
export class Controller extends LabWorkload {
  /** The most that the pods use of their namespace's quota. */
  readonly need: Need;

  constructor(scope: Construct, id: string, props: ControllerProps) {
    super(scope, id, props);
    this.need = deployment(this, props, "lean");
  }
}

/** A Deployment behind a Service, spread over nodes, updated without a gap and drained one pod at a time. */
export class ReplicatedService extends LabWorkload {
  readonly service: Service;
  /** The most that the pods use of their namespace's quota. */
  readonly need: Need;

  constructor(scope: Construct, id: string, props: ReplicatedServiceProps) {
    super(scope, id, props);
    this.need = deployment(this, props, "full");
    this.service = workloadService(this, props, this.pods, "full");
  }
}

/**
 * One pod with data that no second pod may write: a StatefulSet with one replica, stopped before it is replaced. It has
 * no PodDisruptionBudget, because one that protects a single pod blocks every drain.
 */
export class SingleStore extends LabWorkload {
  readonly service: Service;
  /** What the pod uses of its namespace's quota. */
  readonly need: Need;

  constructor(scope: Construct, id: string, props: SingleStoreProps) {
    super(scope, id, props);
    const { spelling = "full" } = props;
    this.service = workloadService(this, props, this.pods, spelling);
    // When the library created the StatefulSet, its Service also selected the library's own label.
    if (spelling === "full") this.service.selectLabel(Pod.ADDRESS_LABEL, props.name);
    const set = workload(this, "StatefulSet", props, {
      ...(spelling === "full" ? { minReadySeconds: 0 } : { revisionHistoryLimit: HISTORY }),
      replicas: 1,
      serviceName: this.service.name,
      podManagementPolicy: "OrderedReady",
      updateStrategy: {
        type: "RollingUpdate",
        ...(spelling === "full" ? { rollingUpdate: { partition: 0 } } : {}),
      },
      template: podTemplate(props, spelling, appArmorOf(this)),
    });
    set.addDependency(this.service);
    this.need = needOf(1, [resourcesOf(props)]);
  }
}

/** A DaemonSet: pods that each node needs, updated one node at a time. */
export class NodeAgent extends LabWorkload {
  /** What one node's pod uses of its namespace's quota. */
  readonly needPerNode: Need;

  constructor(scope: Construct, id: string, props: NodeAgentProps) {
    super(scope, id, props);
    workload(this, "DaemonSet", props, {
      revisionHistoryLimit: HISTORY,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: podTemplate(props, "lean", appArmorOf(this)),
    });
    this.needPerNode = needOf(1, [resourcesOf(props)]);
  }
}

/** Number of old templates for a rollback. */
const HISTORY = 3;

/** The Deployment, with its autoscaler and, for two or more replicas, its disruption budget. */
function deployment(scope: Construct, props: ControllerProps, spelling: Spelling): Need {
  const { replicas, update = "surge" } = props;
  const { least, most } = replicaBounds(replicas);
  const { metadata, spec } = podTemplate(props, spelling, appArmorOf(scope));
  const spread = most > 1 ? { topologySpreadConstraints: topologySpread(props, props.zoneSpread) } : {};
  const made = workload(scope, "Deployment", props, {
    ...(spelling === "full" ? { minReadySeconds: 0, progressDeadlineSeconds: 600 } : {}),
    replicas: least,
    revisionHistoryLimit: HISTORY,
    strategy: strategy(update),
    template: { metadata, spec: { ...spec, ...spread } },
  });
  // The bridge detects the autoscaler, and leaves the number of pods to it after the Deployment is created.
  if (typeof replicas === "object") autoscaler(scope, props, replicas);
  // The user who started a pod sees that it is not ready; `up` does not wait for it.
  if (replicas === "onDemand") deployOptions(made, { initialOnly: ["spec.replicas"], skipAwait: true });
  if (most > 1) disruptionBudget(scope, props);
  return needOf(most + (update === "surge" ? SURGE : 0), [resourcesOf(props)]);
}

/** Extra pods while a Deployment is updated. */
const SURGE = 1;

function strategy(update: Update): object {
  switch (update) {
    case "surge":
      return { type: "RollingUpdate", rollingUpdate: { maxSurge: SURGE, maxUnavailable: 0 } };
    case "inPlace":
      return { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    case "recreate":
      return { type: "Recreate" };
    default:
      return assertNever(update);
  }
}

function workload(
  scope: Construct,
  kind: "Deployment" | "StatefulSet" | "DaemonSet",
  props: PodSpec,
  spec: object,
): ApiObject {
  return new ApiObject(scope, kind, {
    apiVersion: "apps/v1",
    kind,
    metadata: metadataOf(props, props.namespace),
    spec: { selector: { matchLabels: selectorOf(props) }, ...spec },
  });
}

/** Only one pod at a time may be evicted; a pod that is not healthy never blocks a drain. */
function disruptionBudget(scope: Construct, props: PodSpec): void {
  new k8s.KubePodDisruptionBudget(scope, "DisruptionBudget", {
    metadata: metadataOf(props, props.namespace),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: { ...selectorOf(props) } },
    },
  });
}
