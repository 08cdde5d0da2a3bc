/**
 * Whether the stacks of a project fit into the quota that the configuration writes down for its namespace. A namespace
 * that `namespaces` does not mention gets as much as its stacks need.
 */
import { finding, type Finding } from "../../environment/findings";
import type { EnvironmentPlan, NamespaceLimitsPlan } from "../../environment/plan/types";
import { gibibytes, mebibytes, millicores, type Size } from "../../environment/schema/quantities";
import type { AssetConfig, ProjectConfig } from "./configuration";
import type { At } from "./offer";
import type { StackConfig } from "./stacks/configuration";
import { isCluster, isSite } from "./stacks/kinds";
import { resourcesOf } from "./stacks/plan";
import { STACKS } from "./stacks/table";

/** What is counted, with its unit in messages. */
const UNITS = {
  pods: "pods",
  requestsCpu: "CPUs requested",
  requestsMemory: "GiB of memory requested",
  limitsCpu: "CPUs as limits",
  limitsMemory: "GiB of memory as limits",
  claims: "claims",
  storage: "GiB of storage",
  largestClaim: "GiB of one claim",
} as const;
type Counted = keyof typeof UNITS;
type Amounts = Readonly<Record<Counted, number>>;

const NOTHING: Amounts = {
  pods: 0,
  requestsCpu: 0,
  requestsMemory: 0,
  limitsCpu: 0,
  limitsMemory: 0,
  claims: 0,
  storage: 0,
  largestClaim: 0,
};

/** An update of a Deployment starts one pod before it stops another. */
const SURGE = 1;

export function checkQuotas(
  key: string,
  project: ProjectConfig,
  namespaces: EnvironmentPlan["namespaces"],
  at: At,
): readonly Finding[] {
  const limits = namespaces[key];
  if (limits === undefined) return [];
  const allowed = allowedBy(limits);
  const most = needOf(project, "max");
  const shortages = shortagesOf(most, allowed);
  if (shortages.length === 0) return [];
  const clusters = Object.entries(project.stacks).filter(([, stack]) => "workers" in stack);
  if (shortagesOf(needOf(project, "min"), allowed).length > 0 || clusters.length === 0)
    return [
      finding(
        "projects.quota",
        `namespaces.${key}`,
        `is less than what the stacks of the project take: ${shortages.join(", ")}`,
        "allow more, or run less",
      ),
    ];
  return clusters.map(([name, stack]) =>
    finding(
      "projects.quota",
      at(`stacks.${name}.workers.max`),
      `${"workers" in stack ? String(stack.workers.max) : ""} workers do not fit beside the other stacks into namespaces.${key}: ${shortages.join(", ")}`,
      `write fewer workers, or raise namespaces.${key}`,
    ),
  );
}

function allowedBy({ pods, requests, limits, claims, storage, largestClaim }: NamespaceLimitsPlan): Amounts {
  return {
    pods,
    requestsCpu: millicores(requests.cpu) / 1000,
    requestsMemory: mebibytes(requests.memory) / 1024,
    limitsCpu: millicores(limits.cpu) / 1000,
    limitsMemory: mebibytes(limits.memory) / 1024,
    claims,
    storage: gibibytes(storage),
    largestClaim: gibibytes(largestClaim),
  };
}

/** @param workers how many of each cluster */
function needOf({ stacks, storage, assets }: ProjectConfig, workers: "min" | "max"): Amounts {
  const sizes = [
    ...Object.values(storage).map(({ size }) => size),
    ...Object.values(assets).flatMap((asset) => sizeOf(asset)),
  ].map(gibibytes);
  const pods = Object.values(stacks)
    .flatMap((stack) => podsOf(stack, workers))
    .reduce(added, NOTHING);
  return {
    ...pods,
    claims: sizes.length,
    storage: sizes.reduce((sum, size) => sum + size, 0),
    largestClaim: Math.max(0, ...sizes),
  };
}

function sizeOf(asset: AssetConfig): readonly Size[] {
  return asset.kind === "claim" ? [] : [asset.size];
}

function podsOf(stack: StackConfig, workers: "min" | "max"): readonly Amounts[] {
  if ("workers" in stack) {
    const { scheduler } = STACKS[stack.kind];
    const count = stack.workers[workers] + SURGE;
    return [times(1, scheduler.resources), times(count, resourcesOf(stack.workers, scheduler.resources))];
  }
  if (isCluster(stack.kind)) return [];
  const count = isSite(stack.kind) && "replicas" in stack ? stack.replicas + SURGE : 1;
  return [times(count, resourcesOf(stack, STACKS[stack.kind].resources))];
}

function times(count: number, { request, limit }: ReturnType<typeof resourcesOf>): Amounts {
  return {
    ...NOTHING,
    pods: count,
    requestsCpu: (count * request.cpuMillis) / 1000,
    requestsMemory: (count * request.memoryMiB) / 1024,
    limitsCpu: (count * limit.cpuMillis) / 1000,
    limitsMemory: (count * limit.memoryMiB) / 1024,
  };
}

function added(one: Amounts, other: Amounts): Amounts {
  const keys = Object.keys(UNITS) as Counted[];
  return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as Record<Counted, number>;
}

function shortagesOf(need: Amounts, allowed: Amounts): readonly string[] {
  const keys = Object.keys(UNITS) as Counted[];
  return keys
    .filter((key) => need[key] > allowed[key])
    .map((key) => `${shown(need[key])} of ${shown(allowed[key])} ${UNITS[key]}`);
}

function shown(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}
