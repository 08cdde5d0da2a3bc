/** The parts of a pod, and what its namespace must provide for them. */
import type { ContainerSpec, TaskContainerSpec } from "./container";
import type { PodVolume } from "./mounts";
import type { Identity, Labels } from "./names";
import { podResources, type Resources } from "./resources";
import type { SchedulingSpec } from "./scheduling";
import { describeException, type SecurityException } from "./security";

/** A container of a long-running pod, or one that ends by itself. */
export type AnyContainer = ContainerSpec | TaskContainerSpec;

/** A long-running pod; with containers that end by themselves, the pod of a job. */
export interface PodSpec<Container extends AnyContainer = ContainerSpec> extends Identity, SchedulingSpec {
  readonly namespace: string;
  /** Labels of the pods beside those of their identity, by which other software finds them. @default none */
  readonly podLabels?: Labels;
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
  /** Name of a service account in the namespace. @default the namespace's default one, which has no rights */
  readonly serviceAccount?: string;
  /** Which containers get the account's token: those that mount it, or all. @default mounted */
  readonly token?: "mounted" | "everyContainer";
  /** Group that owns the volumes; `claim` and `secret` mounts need it. @default none */
  readonly fsGroup?: number;
  /**
   * Groups of the containers' users beside their own: `image`, those that the image's /etc/group gives them; `strict`,
   * none. Kubernetes 1.35 or newer, with containerd 2. @default image
   */
  readonly groups?: "image" | "strict";
  /** Lets an unprivileged user listen below 1024, inside the pod only (a "safe" sysctl, allowed by "restricted"). @default false */
  readonly lowPorts?: boolean;
  /** Uses the node's network and name servers; an exception must allow `hostNetwork` or `privileged`. @default false */
  readonly hostNetwork?: boolean;
  /** Sees the node's processes; an exception must allow `hostPid` or `privileged`. @default false */
  readonly hostPid?: boolean;
  /** The containers see each other's processes; an exception must allow `shareProcessNamespace`. @default false */
  readonly shareProcessNamespace?: boolean;
  /**
   * DNS servers of the pod: `node`, the node's own name servers, is for pods that the cluster's DNS needs or that query
   * no Services. @default cluster
   */
  readonly dns?: "cluster" | "node";
  /** Seconds to stop. @default 30 */
  readonly stopSeconds?: number;
}

export type AnyPod = PodSpec<AnyContainer>;

/** An exception from the security profile or from probes, and its container. */
export interface ListedException {
  readonly workload: string;
  readonly container: string;
  readonly kind: "security" | "probes";
  readonly text: string;
}

/** All containers, in start order. */
export function allContainers(props: AnyPod): readonly AnyContainer[] {
  return [...(props.sidecars ?? []), ...(props.initContainers ?? []), ...props.containers];
}

/** What one pod uses of a node. */
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
