/** Pods that run for long: a replicated service, or a single one with data of its own. */
import { ApiObject, Duration, JsonPatch } from "cdk8s";
import {
  Deployment,
  DeploymentStrategy,
  FsGroupChangePolicy,
  k8s,
  LabelSelector,
  PercentOrAbsolute,
  Pod,
  PodManagementPolicy,
  Pods,
  RestartPolicy,
  Service,
  ServiceAccount,
  ServiceType,
  StatefulSet,
  StatefulSetUpdateStrategy,
  type AbstractPodProps,
  type Workload,
} from "cdk8s-plus-27";
import { Construct } from "constructs";
import { containerProps, type ContainerSpec } from "./container";
import { SERVICE_ACCOUNT_SOURCES, SERVICE_ACCOUNT_VOLUME, Volumes } from "./mounts";
import { labelsOf, selectorOf, type Identity } from "./names";
import { needOf, type Need } from "./resources";
import {
  capabilities,
  describeException,
  securityLevel,
  type PodSecurityLevel,
  type SecurityException,
} from "./security";

export interface ServiceSpec {
  readonly name: string;
  /** What clients dial. */
  readonly port: number;
  /** Port of the pods behind it. */
  readonly targetPort: number;
}

interface PodSpec extends Identity {
  readonly namespace: string;
  /** The first is the main one. */
  readonly containers: readonly ContainerSpec[];
  /** Name of a service account in the namespace; its token reaches only containers that mount it. @default the namespace's default one, which may nothing */
  readonly serviceAccount?: string;
  /** Group that owns the volumes; `claim` and `secret` mounts need it. @default none */
  readonly fsGroup?: number;
  /** Lets an unprivileged user listen below 1024, inside the pod only (a "safe" sysctl, allowed by "restricted"). @default false */
  readonly lowPorts?: boolean;
  /** Seconds to stop in. @default 30 */
  readonly stopSeconds?: number;
}

export interface ReplicatedServiceProps extends PodSpec {
  readonly replicas: number;
  readonly service: ServiceSpec;
}

export interface SingleStoreProps extends PodSpec {
  readonly service: ServiceSpec;
}

/** An exception from the security profile or from probes, and the container that has it. */
export interface ListedException {
  readonly workload: string;
  readonly container: string;
  readonly kind: "security" | "probes";
  readonly text: string;
}

/** What both kinds of workload have in common. */
abstract class LabWorkload extends Construct {
  /** The pods, as Services and NetworkPolicies take them. */
  readonly pods: Pods;
  readonly namespace: string;
  readonly name: string;
  readonly exceptions: readonly ListedException[];
  /** Strictest Pod Security level that admits the pods. */
  readonly securityLevel: PodSecurityLevel;

  constructor(scope: Construct, id: string, props: PodSpec) {
    super(scope, id);
    this.name = props.name;
    this.namespace = props.namespace;
    this.pods = Pods.select(this, "Pods", { labels: { ...selectorOf(props) } });
    this.exceptions = props.containers.flatMap((container) => listExceptions(props.name, container));
    this.securityLevel = securityLevel(
      props.containers.flatMap(({ security }): SecurityException[] => (security ? [security] : [])),
    );
  }
}

/** A Deployment behind a Service, spread over nodes, updated without a gap and drained one pod at a time. */
export class ReplicatedService extends LabWorkload {
  readonly service: Service;
  readonly need: Need;

  constructor(scope: Construct, id: string, props: ReplicatedServiceProps) {
    super(scope, id, props);
    const volumes = new Volumes(this, "Volumes");
    const deployment = new Deployment(this, "Deployment", {
      ...podProps(props, volumes),
      metadata: metadata(props),
      replicas: props.replicas,
      strategy: DeploymentStrategy.rollingUpdate({
        maxSurge: PercentOrAbsolute.absolute(SURGE),
        maxUnavailable: PercentOrAbsolute.absolute(0),
      }),
      minReady: Duration.seconds(0),
      progressDeadline: Duration.minutes(10),
    });
    finishPods(deployment, props, volumes);
    const spread =
      props.replicas > 1 ? [JsonPatch.add(`${POD}/topologySpreadConstraints`, spreadOverNodes(props))] : [];
    ApiObject.of(deployment).addJsonPatch(JsonPatch.add("/spec/revisionHistoryLimit", 3), ...spread);
    if (props.replicas > 1) disruptionBudget(this, props);
    this.service = service(this, props, this.pods);
    this.need = needOf(
      props.replicas + SURGE,
      props.containers.map(({ resources }) => resources),
    );
  }
}

/**
 * One pod with data that no second may write: a StatefulSet of one, stopped before it is replaced. It has no
 * PodDisruptionBudget, because one that protects a single pod blocks every drain.
 */
export class SingleStore extends LabWorkload {
  readonly service: Service;
  readonly need: Need;

  constructor(scope: Construct, id: string, props: SingleStoreProps) {
    super(scope, id, props);
    const volumes = new Volumes(this, "Volumes");
    this.service = service(this, props, this.pods);
    const set = new StatefulSet(this, "StatefulSet", {
      ...podProps(props, volumes),
      metadata: metadata(props),
      service: this.service,
      replicas: 1,
      podManagementPolicy: PodManagementPolicy.ORDERED_READY,
      strategy: StatefulSetUpdateStrategy.rollingUpdate(),
      minReady: Duration.seconds(0),
    });
    finishPods(set, props, volumes);
    // A StatefulSet makes its Service select the library's own label too.
    this.service.selectLabel(Pod.ADDRESS_LABEL, props.name);
    this.need = needOf(
      1,
      props.containers.map(({ resources }) => resources),
    );
  }
}

/** Pods above the wanted number while a Deployment is updated. */
const SURGE = 1;
const POD = "/spec/template/spec";

function metadata(props: PodSpec): { name: string; namespace: string; labels: Record<string, string> } {
  return { name: props.name, namespace: props.namespace, labels: { ...labelsOf(props) } };
}

function podProps(
  props: PodSpec,
  volumes: Volumes,
): AbstractPodProps & { podMetadata: object; select: false } {
  return {
    containers: props.containers.map((container) => containerProps(container, volumes)),
    restartPolicy: RestartPolicy.ALWAYS,
    automountServiceAccountToken: false,
    hostNetwork: false,
    terminationGracePeriod: Duration.seconds(props.stopSeconds ?? 30),
    ...(props.serviceAccount === undefined
      ? {}
      : {
          serviceAccount: ServiceAccount.fromServiceAccountName(
            volumes,
            "ServiceAccount",
            props.serviceAccount,
          ),
        }),
    securityContext: {
      ensureNonRoot: true,
      ...(props.fsGroup === undefined
        ? {}
        : { fsGroup: props.fsGroup, fsGroupChangePolicy: FsGroupChangePolicy.ON_ROOT_MISMATCH }),
      ...(props.lowPorts === true
        ? { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] }
        : {}),
    },
    podMetadata: { labels: { ...labelsOf(props) }, annotations: annotations(props, volumes.checksum) },
    select: false,
  };
}

/** What the library has no property for. */
function finishPods(workload: Workload, props: PodSpec, volumes: Volumes): void {
  workload.select(LabelSelector.of({ labels: { ...selectorOf(props) } }));
  // The library labels pods by a hash of the construct's path, which would roll them whenever code moves.
  workload.podMetadata.addLabel(Pod.ADDRESS_LABEL, props.name);
  const object = ApiObject.of(workload);
  object.addJsonPatch(
    JsonPatch.add(`${POD}/securityContext/seccompProfile`, { type: "RuntimeDefault" }),
    JsonPatch.add(`${POD}/enableServiceLinks`, false),
  );
  props.containers.forEach(({ preStop, security }, index) => {
    const container = `${POD}/containers/${index}`;
    object.addJsonPatch(JsonPatch.add(`${container}/securityContext/capabilities`, capabilities(security)));
    if (preStop !== undefined) {
      object.addJsonPatch(
        JsonPatch.add(`${container}/lifecycle`, { preStop: { exec: { command: preStop } } }),
      );
    }
  });
  if (volumes.serviceAccount) object.addJsonPatch(...serviceAccountPatch(volumes));
}

function serviceAccountPatch(volumes: Volumes): readonly JsonPatch[] {
  const index = volumes.indexOf(SERVICE_ACCOUNT_VOLUME);
  const source = { defaultMode: 0o444, sources: SERVICE_ACCOUNT_SOURCES };
  return [JsonPatch.replace(`${POD}/volumes/${index}`, { name: SERVICE_ACCOUNT_VOLUME, projected: source })];
}

function annotations(props: PodSpec, checksum: string | undefined): Record<string, string> {
  const exceptions = props.containers
    .flatMap((container) => listExceptions(props.name, container))
    .map(({ kind, container, text }) => [`labstead.dev/${kind}-exception.${container}`, text] as const);
  return {
    ...(checksum === undefined ? {} : { "labstead.dev/config-checksum": checksum }),
    ...Object.fromEntries(exceptions),
  };
}

function listExceptions(
  workload: string,
  { name, security, probes }: ContainerSpec,
): readonly ListedException[] {
  const common = { workload, container: name };
  return [
    ...(security === undefined
      ? []
      : [{ ...common, kind: "security" as const, text: describeException(security) }]),
    ...(probes.kind === "none" ? [{ ...common, kind: "probes" as const, text: probes.reason }] : []),
  ];
}

/**
 * At most one pod more on a node than on another. Nodes that take no pods (cordoned, tainted) do not count: a drain
 * of one of two nodes must find a place for its pod.
 */
function spreadOverNodes(props: Identity): readonly k8s.TopologySpreadConstraint[] {
  return [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      nodeTaintsPolicy: "Honor",
      labelSelector: { matchLabels: { ...selectorOf(props) } },
    },
  ];
}

/** One pod at a time may be moved; a pod that does not work anyway never holds up a drain. */
function disruptionBudget(scope: Construct, props: PodSpec): void {
  new k8s.KubePodDisruptionBudget(scope, "DisruptionBudget", {
    metadata: metadata(props),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: { ...selectorOf(props) } },
    },
  });
}

function service(scope: Construct, props: PodSpec & { readonly service: ServiceSpec }, pods: Pods): Service {
  const { name, port, targetPort } = props.service;
  return new Service(scope, "Service", {
    metadata: { ...metadata(props), name },
    type: ServiceType.CLUSTER_IP,
    selector: pods,
    ports: [{ name: "main", port, targetPort }],
  });
}
