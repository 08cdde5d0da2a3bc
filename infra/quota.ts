/** What a description takes from the tenancy's quotas, beside what the operator knows to be allowed. */
import type { QuotaName } from "../environment/config";
import { finding, type Finding } from "../environment/findings";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { InfraResource, ResourceType } from "./types";

export interface QuotaRow {
  readonly name: QuotaName;
  readonly needed: number;
  /** As configured; absent when not known or unlimited (−1). */
  readonly limit?: number;
  /** True where no limit is known. */
  readonly ok: boolean;
}

export interface QuotaReport {
  readonly rows: readonly QuotaRow[];
  readonly findings: readonly Finding[];
}

/**
 * Neutron's own ports on a network of ours, charged to us: one for DHCP (or OVN's metadata) and one for the router's
 * interface. Clouds with more than one DHCP agent for each network add one each.
 */
const PORTS_OF_MANAGED_NETWORK = 2;
/** Every project has the group `default`, with two rules in and two out. */
const DEFAULT_GROUP = { groups: 1, rules: 4 } as const;

/** Counts this environment alone: others of the same project share the limits. */
export function quotaReport(plan: EnvironmentPlan, described: readonly InfraResource[]): QuotaReport {
  const needed = needs(plan, described);
  const rows = Object.entries(needed).map(([name, amount]) => quotaRow(name as QuotaName, amount, plan));
  return { rows, findings: [...rows.flatMap(exceeded), ...unknownFlavors(plan)] };
}

function needs(
  plan: EnvironmentPlan,
  described: readonly InfraResource[],
): Readonly<Record<QuotaName, number>> {
  const count = (type: ResourceType) => described.filter((each) => each.type === type).length;
  const bootVolumes = plan.servers.flatMap(({ bootVolume }) => bootVolume ?? []);
  const managed = plan.network.kind === "managed";
  const loadBalancers = count("openstack:loadbalancer/loadBalancer:LoadBalancer");
  return {
    instances: count("openstack:compute/instance:Instance"),
    cores: ofFlavors(plan, "vcpus"),
    ramMiB: ofFlavors(plan, "ramMiB"),
    volumes: count("openstack:blockstorage/volume:Volume") + bootVolumes.length,
    volumeGiB: sum([...plan.volumes, ...bootVolumes].map(({ sizeGiB }) => sizeGiB)),
    // An Octavia load balancer's VIP port is ours; its amphorae and theirs belong to the cloud.
    ports: count("openstack:networking/port:Port") + loadBalancers + (managed ? PORTS_OF_MANAGED_NETWORK : 0),
    floatingIps: count("openstack:networking/floatingIp:FloatingIp"),
    networks: count("openstack:networking/network:Network"),
    routers: count("openstack:networking/router:Router"),
    securityGroups: count("openstack:networking/secGroup:SecGroup") + DEFAULT_GROUP.groups,
    securityGroupRules: count("openstack:networking/secGroupRule:SecGroupRule") + DEFAULT_GROUP.rules,
    serverGroups: count("openstack:compute/serverGroup:ServerGroup"),
    serverGroupMembers: largestServerGroup(plan),
    loadBalancers,
  };
}

/** Servers of flavors that the configuration does not know count as nothing; `quota.unknown-flavor` says so. */
function ofFlavors(plan: EnvironmentPlan, what: "vcpus" | "ramMiB"): number {
  return sum(plan.servers.map(({ flavor }) => plan.config.flavors[flavor]?.[what] ?? 0));
}

/** The limit is one for each group, not for all together. */
function largestServerGroup({ servers, serverGroups }: EnvironmentPlan): number {
  return Math.max(
    0,
    ...serverGroups.map(({ key }) => servers.filter((each) => each.serverGroup === key).length),
  );
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function quotaRow(name: QuotaName, needed: number, { config }: EnvironmentPlan): QuotaRow {
  const limit = config.quota[name];
  if (limit === undefined || limit < 0) return { name, needed, ok: true };
  return { name, needed, limit, ok: needed <= limit };
}

function exceeded({ name, needed, limit, ok }: QuotaRow): readonly Finding[] {
  if (ok || limit === undefined) return [];
  return [
    finding(
      "quota.exceeded",
      `quota.${name}`,
      `the environment needs ${needed}, the project may have ${limit}`,
      "ask the cloud for more and raise the number here, or make the environment smaller",
    ),
  ];
}

/** Only where a limit of cores or memory is known, and thus could be missed. */
function unknownFlavors({ servers, config }: EnvironmentPlan): readonly Finding[] {
  const limited = [config.quota.cores, config.quota.ramMiB].some(
    (limit) => limit !== undefined && limit >= 0,
  );
  if (!limited) return [];
  const unknown = [...new Set(servers.map(({ flavor }) => flavor))].filter(
    (flavor) => config.flavors[flavor] === undefined,
  );
  return unknown
    .sort()
    .map((flavor) =>
      finding(
        "quota.unknown-flavor",
        `flavors.${flavor}`,
        "the flavor's vCPUs and memory are not known, so its servers are not counted in cores and ramMiB",
        "write what `openstack flavor show` prints, as {vcpus, ramMiB}",
      ),
    );
}
