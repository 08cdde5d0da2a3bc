/** Requests and limits: every container has both, and requests less than its limit. */
import { k8s } from "cdk8s-plus-27";
import { deviceCounts, type Devices } from "./devices";
import type { Spelling } from "./spelling";

/** CPU in millicores, memory in MiB. */
export interface Amount {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/** What a container is guaranteed (`request`), and the most that it may use (`limit`). */
export interface Resources {
  readonly request: Amount;
  readonly limit: Amount;
}

/** For a main container of the lab (DL): 50m and 128Mi, up to 500m and 512Mi. */
export const SERVICE_RESOURCES: Resources = {
  request: { cpuMillis: 50, memoryMiB: 128 },
  limit: { cpuMillis: 500, memoryMiB: 512 },
};

/** For a small helper beside or behind other containers. */
export const HELPER_RESOURCES: Resources = {
  request: { cpuMillis: 10, memoryMiB: 32 },
  limit: { cpuMillis: 200, memoryMiB: 128 },
};

/** What a container uses of its node. */
interface ContainerNeed {
  readonly name: string;
  readonly resources: Resources;
  readonly devices?: Devices;
}

/**
 * Resource fields of a container. For devices, request and limit are equal, because devices are never shared.
 * @throws Error if a request is not below its limit: such a container leaves nothing to share on its node
 */
export function containerResources(
  { name: container, resources: { request, limit }, devices = {} }: ContainerNeed,
  spelling: Spelling,
): k8s.ResourceRequirements {
  for (const key of ["cpuMillis", "memoryMiB"] as const) {
    if (request[key] <= 0 || request[key] >= limit[key]) {
      throw new Error(
        `${container}: ${key} requests ${request[key]} of at most ${limit[key]}; request less than the limit, and more than nothing`,
      );
    }
  }
  const counts = Object.entries(deviceCounts(container, devices)).map(
    ([device, count]) => [device, k8s.Quantity.fromString(count)] as const,
  );
  const withDevices = (amount: Amount): Record<string, k8s.Quantity> => ({
    ...amountText(amount, spelling),
    ...Object.fromEntries(counts),
  });
  return { requests: withDevices(request), limits: withDevices(limit) };
}

function amountText({ cpuMillis, memoryMiB }: Amount, spelling: Spelling): Record<string, k8s.Quantity> {
  const [cpu, memory] =
    spelling === "full"
      ? [`${cpuMillis}m`, `${memoryMiB}Mi`]
      : [cpuQuantity(cpuMillis), memoryQuantity(memoryMiB)];
  return { cpu: k8s.Quantity.fromString(cpu), memory: k8s.Quantity.fromString(memory) };
}

/** Millicores in the API server's own spelling, so that no difference shows: `4`, `9500m`. */
export function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** MiB in the API server's own spelling: `16Gi`, `4224Mi`. */
export function memoryQuantity(mebibytes: number): string {
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** The most that a workload uses of its namespace's quota, during an update. */
export interface Need {
  readonly pods: number;
  readonly request: Amount;
  readonly limit: Amount;
}

const NOTHING: Amount = { cpuMillis: 0, memoryMiB: 0 };
/** An empty need, the start of a sum. */
export const NO_NEED: Need = { pods: 0, request: NOTHING, limit: NOTHING };

/** What a number of pods with these containers uses of a namespace's quota. */
export function needOf(pods: number, containers: readonly Resources[]): Need {
  const times = (key: keyof Resources): Amount =>
    containers
      .map((resources) => resources[key])
      .reduce((sum, amount) => addAmounts(sum, amount, pods), NOTHING);
  return { pods, request: times("request"), limit: times("limit") };
}

/** Containers of one pod, as the scheduler sums them. */
interface PodContainers {
  readonly containers: readonly Resources[];
  /** Run from before the first init container until the end. */
  readonly sidecars: readonly Resources[];
  /** Run one after another, before the containers. */
  readonly initContainers: readonly Resources[];
}

/** What a pod uses of a node: the maximum of what runs at the same time. */
export function podResources({ containers, sidecars, initContainers }: PodContainers): Resources {
  const moments = [containers, ...initContainers.map((each) => [each])].map((running) =>
    needOf(1, [...running, ...sidecars]),
  );
  const most = (key: keyof Resources): Amount => ({
    cpuMillis: Math.max(...moments.map((moment) => moment[key].cpuMillis)),
    memoryMiB: Math.max(...moments.map((moment) => moment[key].memoryMiB)),
  });
  return { request: most("request"), limit: most("limit") };
}

/** The sum of two needs. */
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
