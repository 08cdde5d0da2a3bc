/** How many people's servers fit on the nodes of a cluster, and what runs out first. */
import type { SeatClaim } from "../../environment/parts/seats";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import type { Lab } from "../../lab";
import { unitOf } from "../cost/cost";
import { freeOn, poolsOf, type NodePool } from "./nodes";
import { nodeMonth } from "./price";
import { moreNodes, type MoreNodes } from "./quota";
import type { Amounts } from "./pods";

/** What limits the seats of a node. */
export type Scarce = "CPU" | "memory" | "pods per node" | "device";

/** The seats of one choice in one pool, if nothing else is started there. */
export interface PoolSeats {
  readonly pool: string;
  readonly nodes: number;
  readonly perNode: number;
  readonly seats: number;
  readonly first: Scarce;
  /** Nodes that the quota has room for; absent if no limit is configured. */
  readonly more?: MoreNodes;
  /** A seat's share of its node's price a month, with all seats taken; absent if the node has no price. */
  readonly month?: number;
}

export interface SeatRow {
  readonly name: string;
  readonly path: string;
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  readonly pools: readonly PoolSeats[];
  /** Of all pools, and at most what the part lets run at once. */
  readonly seats: number;
  /** What ends first: the part's own limit, or what the nodes have least of. */
  readonly first: string;
}

export interface SeatReport {
  readonly stack: string;
  /** Of the prices; absent if none are configured. */
  readonly unit?: string;
  readonly rows: readonly SeatRow[];
  /** Pools whose flavor has no known size, with the key that is missing. */
  readonly unknown: readonly string[];
}

/** @param cluster the lab of the cluster's owner, whose nodes they are */
export function seatReport(
  { environment, seats }: Pick<EnvironmentPlan, "environment" | "seats">,
  cluster: Pick<Lab, "plan" | "deploy" | "quota">,
): SeatReport {
  const { known, unknown } = poolsOf(cluster);
  const { plan, quota } = cluster;
  const pools = known.map((pool) => ({
    ...pool,
    more: moreNodes(pool, plan, quota),
    month: nodeMonth(pool.server, plan),
  }));
  const { prices } = plan.project;
  return {
    stack: environment,
    ...(prices && { unit: unitOf(prices) }),
    rows: seats.map((seat) => seatRow(seat, pools)),
    unknown,
  };
}

interface Pool extends NodePool {
  readonly more: MoreNodes | undefined;
  /** Of one node. */
  readonly month: number | undefined;
}

function seatRow(seat: SeatClaim, pools: readonly Pool[]): SeatRow {
  const { name, path, cpuMillis, memoryMiB, atMost } = seat;
  const found = pools.filter((pool) => mayUse(pool.server, seat)).map((pool) => poolSeats(pool, seat));
  const fit = found.reduce((total, { seats }) => total + seats, 0);
  const scarce = [...new Set(found.filter(({ seats }) => seats > 0).map(({ first }) => first))];
  return {
    ...{ name, path, cpuMillis, memoryMiB, pools: found },
    seats: Math.min(fit, atMost.count),
    first: atMost.count < fit ? atMost.path : scarce.join(", ") || "no such node",
  };
}

function mayUse({ labels, taints, gpu }: ServerPlan, { nodes, tolerates, device }: SeatClaim): boolean {
  return (
    Object.entries(nodes).every(([key, value]) => labels[key] === value) &&
    taints.every(
      (taint) =>
        taint.effect === "PreferNoSchedule" ||
        tolerates.some(({ key, value }) => key === taint.key && value === taint.value),
    ) &&
    (device === undefined || gpu?.resource === device.resource)
  );
}

function poolSeats(pool: Pool, seat: SeatClaim): PoolSeats {
  const free = freeOn(pool);
  const limits = limitsOf(free, seat, pool.server.gpu?.count ?? 0);
  const perNode = Math.max(0, Math.min(...limits.map(([, count]) => count)));
  const [first] = limits.find(([, count]) => Math.max(0, count) === perNode) ?? ["CPU"];
  const { name, nodes, more, month } = pool;
  return {
    ...{ pool: name, nodes, perNode, seats: perNode * nodes, first },
    ...(more && { more }),
    ...(month === undefined || perNode === 0 ? {} : { month: month / perNode }),
  };
}

/** How many seats each of a node's amounts is enough for. */
function limitsOf(
  free: Amounts,
  { cpuMillis, memoryMiB, device }: SeatClaim,
  devices: number,
): readonly (readonly [Scarce, number])[] {
  return [
    ["CPU", Math.floor(free.cpuMillis / cpuMillis)],
    ["memory", Math.floor(free.memoryMiB / memoryMiB)],
    ["pods per node", free.pods],
    ...(device === undefined ? [] : [["device", Math.floor(devices / device.count)] as const]),
  ];
}
