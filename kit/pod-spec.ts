/** What a pod is made from, and what follows from it for its namespace. */
import type { ContainerSpec, TaskContainerSpec } from "./container";
import type { PodVolume } from "./mounts";
import type { Identity } from "./names";
import { podResources, type Resources } from "./resources";
import type { SchedulingSpec } from "./scheduling";
import { describeException, type SecurityException } from "./security";

/** A container of a pod that runs for long, or of one that ends by itself. */
export type AnyContainer = ContainerSpec | TaskContainerSpec;

/** A pod that runs for long; with containers that end by themselves, the pod of a job. */
export interface PodSpec<Container extends AnyContainer = ContainerSpec> extends Identity, SchedulingSpec {
  readonly namespace: string;
  /** The first is the main one. */
  readonly containers: readonly Container[];
  /** Run one after another, each to its end, before the containers start. @default none */
  readonly initContainers?: readonly TaskContainerSpec[];
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
  /** Sees the node's processes; an exception has to allow `hostPid` or `privileged`. @default false */
  readonly hostPid?: boolean;
  /** The containers see each other's processes; an exception has to allow `shareProcessNamespace`. @default false */
  readonly shareProcessNamespace?: boolean;
  /**
   * Whom the pod asks for names: `node`, the node's own name servers, is for pods that the cluster's DNS needs or that
   * ask for no Services. @default cluster
   */
  readonly dns?: "cluster" | "node";
  /** Seconds to stop in. @default 30 */
  readonly stopSeconds?: number;
}

export type AnyPod = PodSpec<AnyContainer>;

/** An exception from the security profile or from probes, and the container that has it. */
export interface ListedException {
  readonly workload: string;
  readonly container: string;
  readonly kind: "security" | "probes";
  readonly text: string;
}

/** All containers, in the order in which they start. */
export function allContainers(props: AnyPod): readonly AnyContainer[] {
  return [...(props.sidecars ?? []), ...(props.initContainers ?? []), ...props.containers];
}

/** What one pod takes of a node. */
export function resourcesOf({ containers, sidecars = [], initContainers = [] }: AnyPod): Resources {
  const each = (list: readonly { readonly resources: Resources }[]): readonly Resources[] =>
    list.map(({ resources }) => resources);
  return podResources({
    containers: each(containers),
    sidecars: each(sidecars),
    initContainers: each(initContainers),
  });
}

/** The security exceptions of all containers. */
export function securityExceptions(props: AnyPod): readonly SecurityException[] {
  return allContainers(props).flatMap(({ security }) => (security === undefined ? [] : [security]));
}

/** All exceptions of a pod, with their reasons. */
export function listExceptions(props: AnyPod): readonly ListedException[] {
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
