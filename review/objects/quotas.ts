/** Quotas that are smaller than what their namespaces hold. */
import { fieldOf, identityOf, listAt, type Manifest } from "../../deploy/manifest";
import { finding, type Finding } from "../../environment/findings";
import { limitOf, quantity, requestOf } from "../object-amounts";
import { countOf, podSpecOf } from "./pods";

/** What is counted, by the key of a quota, with its unit in messages. */
const COUNTED = {
  pods: "pods",
  "requests.cpu": "CPUs requested",
  "requests.memory": "GiB of memory requested",
  "limits.cpu": "CPUs as limits",
  "limits.memory": "GiB of memory as limits",
  persistentvolumeclaims: "claims",
  "requests.storage": "GiB of storage",
} as const;
type Counted = keyof typeof COUNTED;
type Amounts = Partial<Record<Counted, number>>;

const KEYS = Object.keys(COUNTED) as Counted[];

/** Of Deployments with their surge and StatefulSets; pods of jobs and of each node come and go. */
export function quotaFindings(manifests: readonly Manifest[]): readonly Finding[] {
  const quotas = manifests.filter(({ kind }) => kind === "ResourceQuota");
  if (quotas.length === 0) return [];
  const needs = new Map<string, Amounts>();
  for (const manifest of manifests) {
    const { namespace = "" } = manifest.metadata;
    needs.set(namespace, added(needs.get(namespace) ?? {}, needOf(manifest)));
  }
  return quotas.flatMap((quota) => shortages(quota, needs.get(quota.metadata.namespace ?? "") ?? {}));
}

function shortages(quota: Manifest, need: Amounts): readonly Finding[] {
  const short = KEYS.flatMap((key) => {
    const allowed = quantity(fieldOf(quota, "spec", "hard", key));
    const needed = need[key] ?? 0;
    return allowed === undefined || needed <= allowed
      ? []
      : [`${shown(key, needed)} of ${shown(key, allowed)} ${COUNTED[key]}`];
  });
  if (short.length === 0) return [];
  return [
    finding(
      "namespace.quota",
      identityOf(quota),
      `the objects of its namespace need ${short.join(", ")} while they are updated, so some pods or claims are refused`,
      "allow more, or run less",
    ),
  ];
}

function needOf(manifest: Manifest): Amounts {
  switch (manifest.kind) {
    case "Deployment":
    case "StatefulSet":
      return times(podNeed(manifest), podCount(manifest));
    case "PersistentVolumeClaim":
      return {
        persistentvolumeclaims: 1,
        "requests.storage": quantity(fieldOf(manifest, "spec", "resources", "requests", "storage")) ?? 0,
      };
    default:
      return {};
  }
}

/** With those that an update starts before it stops others; its share is rounded as Kubernetes does, up. */
function podCount(manifest: Manifest): number {
  const replicas = fieldOf(manifest, "spec", "replicas") ?? 1;
  if (typeof replicas !== "number") return 0;
  const recreated =
    manifest.kind !== "Deployment" || fieldOf(manifest, "spec", "strategy", "type") === "Recreate";
  const surge = fieldOf(manifest, "spec", "strategy", "rollingUpdate", "maxSurge") ?? "25%";
  return recreated ? replicas : replicas + countOf(surge, replicas);
}

/** One pod of a workload; containers that begin before the others end before them. */
function podNeed(manifest: Manifest): Amounts {
  const containers = listAt(podSpecOf(manifest), "containers");
  const total = (amountOf: typeof limitOf, name: "cpu" | "memory"): number =>
    containers.reduce<number>((sum, container) => sum + (amountOf(container, name) ?? 0), 0);
  return {
    pods: 1,
    "requests.cpu": total(requestOf, "cpu"),
    "requests.memory": total(requestOf, "memory"),
    "limits.cpu": total(limitOf, "cpu"),
    "limits.memory": total(limitOf, "memory"),
  };
}

function added(one: Amounts, other: Amounts): Amounts {
  return Object.fromEntries(KEYS.map((key) => [key, (one[key] ?? 0) + (other[key] ?? 0)]));
}

function times(amounts: Amounts, count: number): Amounts {
  return Object.fromEntries(KEYS.map((key) => [key, (amounts[key] ?? 0) * count]));
}

function shown(key: Counted, amount: number): string {
  const value = COUNTED[key].startsWith("GiB") ? amount / 2 ** 30 : amount;
  return String(Math.round(value * 100) / 100);
}
