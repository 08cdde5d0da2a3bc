/** Requests and limits: every container has both, and asks for less than it may take. */
import { Size } from "cdk8s";
import { Cpu, type ContainerResources } from "cdk8s-plus-27";

/** CPU in millicores, memory in MiB. */
export interface Amount {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

export interface Resources {
  readonly request: Amount;
  readonly limit: Amount;
}

/** Of a main container of the lab (DL): 50m and 128Mi, up to 500m and 512Mi. */
export const SERVICE_RESOURCES: Resources = {
  request: { cpuMillis: 50, memoryMiB: 128 },
  limit: { cpuMillis: 500, memoryMiB: 512 },
};

/** Of a small helper that stands beside or behind others. */
export const HELPER_RESOURCES: Resources = {
  request: { cpuMillis: 10, memoryMiB: 32 },
  limit: { cpuMillis: 200, memoryMiB: 128 },
};

/**
 * As a container carries them.
 * @throws Error where a request is not below its limit: such a container leaves nothing to share on its node.
 */
export function containerResources(container: string, { request, limit }: Resources): ContainerResources {
  for (const key of ["cpuMillis", "memoryMiB"] as const) {
    if (request[key] <= 0 || request[key] >= limit[key]) {
      throw new Error(
        `${container}: ${key} requests ${request[key]} of at most ${limit[key]}; request less than the limit, and more than nothing`,
      );
    }
  }
  return {
    cpu: { request: Cpu.millis(request.cpuMillis), limit: Cpu.millis(limit.cpuMillis) },
    memory: { request: Size.mebibytes(request.memoryMiB), limit: Size.mebibytes(limit.memoryMiB) },
  };
}

/** What a workload takes of its namespace's quota at its largest, during an update. */
export interface Need {
  readonly pods: number;
  readonly request: Amount;
  readonly limit: Amount;
}

const NOTHING: Amount = { cpuMillis: 0, memoryMiB: 0 };
export const NO_NEED: Need = { pods: 0, request: NOTHING, limit: NOTHING };

export function needOf(pods: number, containers: readonly Resources[]): Need {
  const times = (key: keyof Resources): Amount =>
    containers
      .map((resources) => resources[key])
      .reduce((sum, amount) => addAmounts(sum, amount, pods), NOTHING);
  return { pods, request: times("request"), limit: times("limit") };
}

export function addNeeds(a: Need, b: Need): Need {
  return {
    pods: a.pods + b.pods,
    request: addAmounts(a.request, b.request),
    limit: addAmounts(a.limit, b.limit),
  };
}

function addAmounts(a: Amount, b: Amount, times = 1): Amount {
  return { cpuMillis: a.cpuMillis + times * b.cpuMillis, memoryMiB: a.memoryMiB + times * b.memoryMiB };
}
