/** The pods of a workload, as their template says it. */
import { k8s, Pod } from "cdk8s-plus-27";
import {
  renderContainer,
  type ContainerPlace,
  type ContainerSpec,
  type InitContainerSpec,
} from "./container";
import { Volumes, type Mount, type PodVolume } from "./mounts";
import { labelsOf, type Identity } from "./names";
import { podResources, type Resources } from "./resources";
import { podScheduling, type SchedulingSpec } from "./scheduling";
import { describeException, type SecurityAllowance, type SecurityException } from "./security";
import type { Spelling } from "./spelling";

/** A pod as the kit's workloads take it. */
export interface PodSpec extends Identity, SchedulingSpec {
  readonly namespace: string;
  /** The first is the main one. */
  readonly containers: readonly ContainerSpec[];
  /** Run one after another, each to its end, before the containers start. @default none */
  readonly initContainers?: readonly InitContainerSpec[];
  /**
   * Helpers that are ready before the first initial container starts, and end after the last container. Kubernetes 1.29
   * or newer; older ones never start the pod. @default none
   */
  readonly sidecars?: readonly ContainerSpec[];
  /** Volumes that several containers mount, by name. @default none; other mounts bring their own */
  readonly volumes?: Readonly<Record<string, PodVolume>>;
  /** Name of a service account in the namespace. @default the namespace's default one, which may nothing */
  readonly serviceAccount?: string;
  /** Which containers have the account's token: those that mount it, or every one. @default mounted */
  readonly token?: "mounted" | "everyContainer";
  /** Group that owns the volumes; `claim` and `secret` mounts need it. @default none */
  readonly fsGroup?: number;
  /** Lets an unprivileged user listen below 1024, inside the pod only (a "safe" sysctl, allowed by "restricted"). @default false */
  readonly lowPorts?: boolean;
  /** Uses the node's network and name servers; an exception has to allow `hostNetwork` or `privileged`. @default false */
  readonly hostNetwork?: boolean;
  /** Seconds to stop in. @default 30 */
  readonly stopSeconds?: number;
}

/** An exception from the security profile or from probes, and the container that has it. */
export interface ListedException {
  readonly workload: string;
  readonly container: string;
  readonly kind: "security" | "probes";
  readonly text: string;
}

/** Template of a workload's pods, in the API's own spelling. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * Renders the template.
 * @throws Error where parts of the pod contradict each other, or the host is used without an exception
 */
export function podTemplate(props: PodSpec, spelling: Spelling): PodTemplate {
  checkPod(props);
  const volumes = new Volumes(props.name, props.volumes ?? {}, spelling);
  const place: ContainerPlace = { volumes, hostNetwork: props.hostNetwork === true, spelling };
  const render = (each: ContainerSpec | InitContainerSpec): k8s.Container => renderContainer(each, place);
  const sidecars = (props.sidecars ?? []).map(render);
  const initContainers = [...sidecars, ...(props.initContainers ?? []).map(render)];
  const containers = props.containers.map(render);
  const spec = k8s.toJson_PodSpec({
    ...(spelling === "full" ? DEFAULTS : {}),
    containers,
    ...(initContainers.length === 0 ? {} : { initContainers }),
    ...podIdentity(props),
    ...podNetwork(props),
    ...podScheduling(props),
    ...stopTime(props, spelling),
    enableServiceLinks: false,
    securityContext: podSecurity(props, spelling),
    ...(volumes.list.length === 0 ? {} : { volumes: [...volumes.list] }),
  });
  return {
    metadata: podMetadata(props, volumes.checksum, spelling),
    spec: withSidecars(spec ?? {}, sidecars.length),
  };
}

/** All containers, in the order in which they start. */
export function allContainers(props: PodSpec): readonly (ContainerSpec | InitContainerSpec)[] {
  return [...(props.sidecars ?? []), ...(props.initContainers ?? []), ...props.containers];
}

/** What one pod takes of a node. */
export function resourcesOf({ containers, sidecars = [], initContainers = [] }: PodSpec): Resources {
  const each = (list: readonly { readonly resources: Resources }[]): readonly Resources[] =>
    list.map(({ resources }) => resources);
  return podResources({
    containers: each(containers),
    sidecars: each(sidecars),
    initContainers: each(initContainers),
  });
}

/** The security exceptions of all containers. */
export function securityExceptions(props: PodSpec): readonly SecurityException[] {
  return allContainers(props).flatMap(({ security }) => (security === undefined ? [] : [security]));
}

/** All exceptions of a pod, with their reasons. */
export function listExceptions(props: PodSpec): readonly ListedException[] {
  return allContainers(props).flatMap(({ name: container, security, probes }) => {
    const common = { workload: props.name, container };
    return [
      ...(security === undefined
        ? []
        : [{ ...common, kind: "security" as const, text: describeException(security) }]),
      ...(probes?.kind === "none" ? [{ ...common, kind: "probes" as const, text: probes.reason }] : []),
    ];
  });
}

/** What Kubernetes would fill in, as the library writes it. */
const DEFAULTS: Partial<k8s.PodSpec> = {
  dnsPolicy: "ClusterFirst",
  hostNetwork: false,
  restartPolicy: "Always",
  setHostnameAsFqdn: false,
};

function podIdentity({ serviceAccount, token }: PodSpec): Partial<k8s.PodSpec> {
  return {
    automountServiceAccountToken: token === "everyContainer",
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
  };
}

/** With the host's own resolver a pod would not find the cluster's Services. */
function podNetwork({ hostNetwork }: PodSpec): Partial<k8s.PodSpec> {
  return hostNetwork === true ? { hostNetwork, dnsPolicy: "ClusterFirstWithHostNet" } : {};
}

function stopTime({ stopSeconds }: PodSpec, spelling: Spelling): Partial<k8s.PodSpec> {
  if (stopSeconds === undefined && spelling === "lean") return {};
  return { terminationGracePeriodSeconds: stopSeconds ?? 30 };
}

function podSecurity({ fsGroup, lowPorts }: PodSpec, spelling: Spelling): k8s.PodSecurityContext {
  return {
    // Lean pods say it of each container.
    ...(spelling === "full" ? { runAsNonRoot: true, fsGroupChangePolicy: "Always" } : {}),
    ...(fsGroup === undefined ? {} : { fsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
    ...(lowPorts === true ? { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] } : {}),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

function podMetadata(
  props: PodSpec,
  checksum: string | undefined,
  spelling: Spelling,
): PodTemplate["metadata"] {
  const annotations = {
    ...(checksum === undefined ? {} : { "labstead.dev/config-checksum": checksum }),
    ...Object.fromEntries(
      listExceptions(props).map(({ kind, container, text }) => [
        `labstead.dev/${kind}-exception.${container}`,
        text,
      ]),
    ),
  };
  return {
    labels: {
      ...labelsOf(props),
      // The library's is a hash of the construct's path, which would roll the pods whenever code moves.
      ...(spelling === "full" ? { [Pod.ADDRESS_LABEL]: props.name } : {}),
    },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** The library's types are older than sidecars: initial containers that are restarted. */
function withSidecars(spec: Readonly<Record<string, unknown>>, sidecars: number): PodTemplate["spec"] {
  if (sidecars === 0) return spec;
  const initContainers = spec["initContainers"] as readonly object[];
  return {
    ...spec,
    initContainers: initContainers.map((each, index) =>
      index < sidecars ? { ...each, restartPolicy: "Always" } : each,
    ),
  };
}

function checkPod(props: PodSpec): void {
  const containers = allContainers(props);
  const names = containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`${props.name}: has two containers named "${twice}"; name each once`);
  const host = Object.values(props.volumes ?? {}).find((volume) => volume.kind === "host");
  if (host !== undefined) needAllowed(props, "hostPath", `mounts ${host.path} of the host`);
  if (props.hostNetwork === true) {
    needAllowed(props, "hostNetwork", "is in the host's network");
    if (props.lowPorts === true) {
      throw new Error(
        `${props.name}: "lowPorts" is of a network of the pod's own; leave it out in the host's`,
      );
    }
  }
  for (const { name, mounts = [], security } of containers) {
    const mount = mounts.find(isBidirectional);
    if (mount === undefined || security?.allow.includes("privileged") === true) continue;
    throw new Error(
      `${props.name}: ${name} mounts "${mount.volume}" with propagation Bidirectional, which privileged containers alone may; write HostToContainer, or allow "privileged" with the reason`,
    );
  }
}

function isBidirectional(mount: Mount): mount is Extract<Mount, { kind: "volume" }> {
  return mount.kind === "volume" && mount.propagation === "Bidirectional";
}

function needAllowed(props: PodSpec, allowance: SecurityAllowance, what: string): void {
  const allowed = securityExceptions(props).flatMap(({ allow }) => allow);
  if (allowed.includes(allowance) || allowed.includes("privileged")) return;
  throw new Error(
    `${props.name}: ${what}, which no exception allows; allow "${allowance}" with the reason at the container that needs it`,
  );
}
