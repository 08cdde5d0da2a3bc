/** Quota of a namespace, and default resources of its containers. */
import type { Amount, Need } from "../../kit";

/** Default resources of a container that sets none. */
export interface ContainerLimits {
  readonly defaultRequest: Amount;
  readonly defaultLimit: Amount;
}

/** Total limits of all pods of a namespace. */
export interface Quota {
  readonly pods: number;
  readonly requests: Amount;
  readonly limits: Amount;
}

/** SKA's guidance for every namespace. */
export const DEFAULT_LIMITS: ContainerLimits = {
  defaultRequest: { cpuMillis: 250, memoryMiB: 128 },
  defaultLimit: { cpuMillis: 500, memoryMiB: 256 },
};

/** SKA's guidance for every namespace. */
export const DEFAULT_QUOTA: Quota = {
  pods: 50,
  requests: { cpuMillis: 4000, memoryMiB: 4096 },
  limits: { cpuMillis: 8000, memoryMiB: 16384 },
};

/** The quota, raised to the need in whole CPUs and GiB if it is below, such as for an update with all replicas. */
export function quotaCovering(quota: Quota, need: Need): Quota {
  return {
    pods: Math.max(quota.pods, need.pods),
    requests: largest(quota.requests, need.request),
    limits: largest(quota.limits, need.limit),
  };
}

function largest(have: Amount, need: Amount): Amount {
  return {
    cpuMillis: Math.max(have.cpuMillis, roundUp(need.cpuMillis, 1000)),
    memoryMiB: Math.max(have.memoryMiB, roundUp(need.memoryMiB, 1024)),
  };
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
