/** Quota of a namespace, and default resources of its containers, from the plan. */
import type { NamespaceLimitsPlan } from "../../environment/plan/types";
import { DEFAULT_NAMESPACE_LIMITS } from "../../environment/plan/namespaces";
import { gibibytes, mebibytes, millicores } from "../../environment/schema/quantities";
import type { Amount, Need } from "../../kit";

/** With disk of the node: logs, scratch volumes, what containers write. */
export interface DiskAmount extends Amount {
  readonly ephemeralMiB: number;
}

/** Default resources of a container that sets none. */
export interface ContainerLimits {
  readonly defaultRequest: DiskAmount;
  readonly defaultLimit: DiskAmount;
}

/** Total limits of all pods and claims of a namespace. */
export interface Quota {
  readonly pods: number;
  readonly requests: DiskAmount;
  readonly limits: DiskAmount;
  readonly claims: number;
  /** Of all claims together. */
  readonly storageGiB: number;
  /** Of a single claim. */
  readonly largestClaimGiB: number;
}

/** Needs of the workloads that a part runs in its namespace. */
export interface NamespaceNeed {
  readonly pods: Need;
  /** Size of each claim, in GiB. */
  readonly claimsGiB: readonly number[];
}

export function containerLimitsOf({ containers }: NamespaceLimitsPlan): ContainerLimits {
  return { defaultRequest: diskAmount(containers.requests), defaultLimit: diskAmount(containers.limits) };
}

export function quotaOf(plan: NamespaceLimitsPlan): Quota {
  const { pods, requests, limits, claims, storage, largestClaim } = plan;
  return {
    pods,
    requests: diskAmount(requests),
    limits: diskAmount(limits),
    claims,
    storageGiB: gibibytes(storage),
    largestClaimGiB: gibibytes(largestClaim),
  };
}

function diskAmount({ cpu, memory, ephemeralStorage }: NamespaceLimitsPlan["limits"]): DiskAmount {
  return {
    cpuMillis: millicores(cpu),
    memoryMiB: mebibytes(memory),
    ephemeralMiB: mebibytes(ephemeralStorage),
  };
}

/** SKA's guidance for every namespace. */
export const DEFAULT_LIMITS: ContainerLimits = containerLimitsOf(DEFAULT_NAMESPACE_LIMITS);

/** SKA's guidance for every namespace, with room for files. */
export const DEFAULT_QUOTA: Quota = quotaOf(DEFAULT_NAMESPACE_LIMITS);

/** Containers of a pod that its disk is counted for; more of them use the reserve of other pods. */
const CONTAINERS = 4;

/**
 * The quota, raised to the need in whole CPUs and GiB if it is below, such as for an update with all replicas.
 * @param limits of containers, none of which sets its disk
 */
export function quotaCovering(quota: Quota, need: NamespaceNeed, limits: ContainerLimits): Quota {
  const { pods, claimsGiB } = need;
  const disk = (each: DiskAmount): number => pods.pods * CONTAINERS * each.ephemeralMiB;
  return {
    pods: Math.max(quota.pods, pods.pods),
    requests: largest(quota.requests, { ...pods.request, ephemeralMiB: disk(limits.defaultRequest) }),
    limits: largest(quota.limits, { ...pods.limit, ephemeralMiB: disk(limits.defaultLimit) }),
    claims: Math.max(quota.claims, claimsGiB.length),
    storageGiB: Math.max(
      quota.storageGiB,
      claimsGiB.reduce((sum, each) => sum + each, 0),
    ),
    largestClaimGiB: Math.max(quota.largestClaimGiB, ...claimsGiB),
  };
}

function largest(have: DiskAmount, need: DiskAmount): DiskAmount {
  return {
    cpuMillis: Math.max(have.cpuMillis, roundUp(need.cpuMillis, 1000)),
    memoryMiB: Math.max(have.memoryMiB, roundUp(need.memoryMiB, 1024)),
    ephemeralMiB: Math.max(have.ephemeralMiB, roundUp(need.ephemeralMiB, 1024)),
  };
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
