/** A user's pod as a seat: the requests of its containers together. */
import type { SeatClaim } from "../../environment/parts/seats";
import { mebibytes, millicores } from "../../environment/schema/quantities";
import type { UserPodsConfig } from "./configuration";

export function userPodSeats(config: UserPodsConfig, at: (key?: string) => string): readonly SeatClaim[] {
  const containers = Object.values(config.containers);
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return [
    {
      path: at("containers"),
      name: config.namespace,
      cpuMillis: sum(containers.map(({ cpu }) => millicores(cpu.request))),
      memoryMiB: sum(containers.map(({ memory }) => mebibytes(memory.request))),
      nodes: config.nodes,
      tolerates: [],
      atMost: { count: config.activePodLimit, path: at("activePodLimit") },
    },
  ];
}
