/** Requests and limits: every container has both, and asks for less than it may take. */
import { k8s } from "cdk8s-plus-27";
import { deviceCounts, type Devices } from "./devices";
import type { Spelling } from "./spelling";

/** CPU in millicores, memory in MiB. */
export interface Amount {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/** What a container is promised (`request`), and what it may take at most (`limit`). */
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

/** What a container takes of its node. */
interface ContainerNeed {
  readonly name: string;
  readonly resources: Resources;
  readonly devices?: Devices;
}

/**
 * As a container carries them. Devices are asked for and limited alike, because nobody shares them.
 * @throws Error where a request is not below its limit: such a container leaves nothing to share on its node
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

/** Millicores in the API server's own spelling, so that nothing seems to have changed: `4`, `9500m`. */
export function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** MiB in the API server's own spelling: `16Gi`, `4224Mi`. */
export function memoryQuantity(mebibytes: number): string {
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** What a workload takes of its namespace's quota at its largest, during an update. */
export interface Need {
  readonly pods: number;
  readonly request: Amount;
  readonly limit: Amount;
}

const NOTHING: Amount = { cpuMillis: 0, memoryMiB: 0 };
/** The need of nothing, to sum up from. */
export const NO_NEED: Need = { pods: 0, request: NOTHING, limit: NOTHING };

/** What a number of pods with these containers takes of a namespace's quota. */
export function needOf(pods: number, containers: readonly Resources[]): Need {
  const times = (key: keyof Resources): Amount =>
    containers
      .map((resources) => resources[key])
      .reduce((sum, amount) => addAmounts(sum, amount, pods), NOTHING);
  return { pods, request: times("request"), limit: times("limit") };
}

/** Containers of one pod, as the scheduler adds them up. */
interface PodContainers {
  readonly containers: readonly Resources[];
  /** Run from before the first initial one until the end. */
  readonly sidecars: readonly Resources[];
  /** Run one after another, before the containers. */
  readonly initContainers: readonly Resources[];
}

/** What a pod takes of a node: all that runs at once, at the moment when that is most. */
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
