/** How many nodes more of a pool the project's quota has room for. */
import type { EnvironmentPlan, QuotaName } from "../../environment/plan/types";
import type { QuotaReport } from "../../infra/quota";
import { disksOf, type NodePool } from "./nodes";

export interface MoreNodes {
  readonly count: number;
  /** The amount that ends first. */
  readonly first: QuotaName;
}

/** Undefined if no limit is configured. */
export function moreNodes(
  { server, size }: NodePool,
  plan: Pick<EnvironmentPlan, "volumes">,
  { rows }: QuotaReport,
): MoreNodes | undefined {
  const disks = disksOf(server, plan);
  const each: Partial<Record<QuotaName, number>> = {
    ...{ instances: 1, ports: 1, cores: size.cpuMillis / 1000, ramMiB: size.memoryMiB },
    ...{ volumes: disks.length, volumeGiB: disks.reduce((total, disk) => total + disk.sizeGiB, 0) },
  };
  const room = rows.flatMap(({ name, needed, limit }) => {
    const amount = each[name] ?? 0;
    if (limit === undefined || amount === 0) return [];
    return [{ first: name, count: Math.max(0, Math.floor((limit - needed) / amount)) }];
  });
  return room.toSorted((one, other) => one.count - other.count)[0];
}
