/** Needed amounts of a description, compared with the configured quota. */
import { finding, type Finding } from "../environment/findings";
import type { EnvironmentPlan, QuotaName } from "../environment/plan/types";
import type { ProjectPlan } from "../environment/plan/types-settings";
import type { InfraResource, ResourceType } from "./types";

export interface QuotaRow {
  readonly name: QuotaName;
  readonly needed: number;
  /** Set if more is needed than could be counted, because the size of a flavor is unknown. */
  readonly partial?: true;
  /** From the configuration; absent if unknown or unlimited (−1). */
  readonly limit?: number;
  /** Also true if no limit is known. */
  readonly ok: boolean;
}

/** Needed amounts of an environment, with the project's limits. */
export interface QuotaReport {
  readonly rows: readonly QuotaRow[];
  readonly findings: readonly Finding[];
}

/**
 * Neutron's own ports on a network of ours, which count towards our quota: one for DHCP (or OVN's metadata) and one for
 * the router's interface. Clouds with several DHCP agents for each network add one for each further agent.
 */
const PORTS_OF_MANAGED_NETWORK = 2;
/** Every project has the group `default`, with two ingress and two egress rules. */
const DEFAULT_GROUP = { groups: 1, rules: 4 } as const;

/** Counts only this environment; `sharedQuotaFindings` adds those that share its project. */
export function quotaReport(plan: EnvironmentPlan, described: readonly InfraResource[]): QuotaReport {
  const needed = needs(plan, described);
  const rows = Object.entries(needed).map(([name, amount]) => quotaRow(name as QuotaName, amount, plan));
  return { rows, findings: [...rows.flatMap(exceeded), ...largeGroups(plan), ...unknownFlavors(plan)] };
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

/** Servers with unconfigured flavors are not counted; `quota.unknown-flavor` reports them. */
function ofFlavors(plan: EnvironmentPlan, what: "vcpus" | "ramMiB"): number {
  return sum(plan.servers.map(({ flavor }) => plan.project.flavors[flavor]?.[what] ?? 0));
}

/** Limits of each group, not of all together. */
const PER_GROUP: ReadonlySet<QuotaName> = new Set(["serverGroupMembers"]);

function largestServerGroup({ servers, serverGroups }: EnvironmentPlan): number {
  return Math.max(
    0,
    ...serverGroups.map(({ key }) => servers.filter((each) => each.serverGroup === key).length),
  );
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function quotaRow(name: QuotaName, needed: number, { project, servers }: EnvironmentPlan): QuotaRow {
  const limit = project.limits[name];
  const counted = { name, needed, ...(isPartial(name, servers, project) ? { partial: true as const } : {}) };
  if (limit === undefined || limit < 0) return { ...counted, ok: true };
  return { ...counted, limit, ok: needed <= limit };
}

/** Sums of flavor sizes. */
const BY_FLAVOR: ReadonlySet<QuotaName> = new Set(["cores", "ramMiB"]);

function isPartial(name: QuotaName, servers: EnvironmentPlan["servers"], { flavors }: ProjectPlan): boolean {
  return BY_FLAVOR.has(name) && servers.some(({ flavor }) => flavors[flavor] === undefined);
}

function exceeded({ name, needed, limit, ok }: QuotaRow): readonly Finding[] {
  if (ok || limit === undefined) return [];
  return [
    finding(
      "quota.exceeded",
      `quota.${name}`,
      `the environment needs ${needed}, the project's limit is ${limit}`,
      "request a larger quota and raise the number here, or make the environment smaller",
    ),
  ];
}

/** Needed amounts of one environment in a shared project. */
export interface QuotaShare {
  readonly plan: EnvironmentPlan;
  readonly report: QuotaReport;
}

/**
 * An owner and its tenants share one project, so the sum of their needs must fit the owner's limits. Reports only
 * limits that none of them exceeds alone.
 */
export function sharedQuotaFindings(shares: readonly QuotaShare[]): readonly Finding[] {
  return shares.flatMap((owner) => {
    const tenants = shares.filter(
      ({ plan }) => plan.cluster.owner === owner.plan.environment && plan !== owner.plan,
    );
    return tenants.length === 0
      ? []
      : owner.report.rows.flatMap((row) => exceededTogether(row, owner.plan, tenants));
  });
}

function exceededTogether(
  { name, needed, limit, ok }: QuotaRow,
  owner: EnvironmentPlan,
  tenants: readonly QuotaShare[],
): readonly Finding[] {
  if (!ok || limit === undefined || PER_GROUP.has(name)) return [];
  const more = tenants.map(
    ({ report }) => (report.rows.find((row) => row.name === name)?.needed ?? 0) - oncePerProject(name),
  );
  const together = needed + sum(more);
  if (together <= limit) return [];
  const names = tenants.map(({ plan }) => plan.environment).join(", ");
  return [
    finding(
      "quota.exceeded",
      `Pulumi.${owner.environment}.yaml quota.${name}`,
      `${owner.environment} and its tenants (${names}) need ${together} together, the project's limit is ${limit}`,
      "request a larger quota and raise the number here, or make one of them smaller",
    ),
  ];
}

/** The group `default` is the project's, not the environment's. */
function oncePerProject(name: QuotaName): number {
  if (name === "securityGroups") return DEFAULT_GROUP.groups;
  return name === "securityGroupRules" ? DEFAULT_GROUP.rules : 0;
}

/** Nova's default limit (`server_group_members`), if the cloud has no other one. */
const USUAL_GROUP_MEMBERS = 10;

/** Only if the project's limit is not configured; a configured limit is compared like every other one. */
function largeGroups({ servers, serverGroups, settings, project }: EnvironmentPlan): readonly Finding[] {
  if (project.limits.serverGroupMembers !== undefined) return [];
  return serverGroups.flatMap(({ key }) => {
    const members = servers.filter((each) => each.serverGroup === key);
    const path = settings.find(({ server }) => server === members[0]?.key)?.path;
    if (path === undefined || members.length <= USUAL_GROUP_MEMBERS) return [];
    return [
      finding(
        "quota.group-members",
        `${path}.antiAffinity`,
        `puts ${String(members.length)} servers into one server group, and clouds usually allow ${String(USUAL_GROUP_MEMBERS)}`,
        "write quota.serverGroupMembers as `openstack quota show` prints it, split the pool, or write none",
      ),
    ];
  });
}

/** Only if a limit of cores or memory is known, because only then it can be exceeded. */
function unknownFlavors({ servers, project: { flavors, limits } }: EnvironmentPlan): readonly Finding[] {
  const limited = [limits.cores, limits.ramMiB].some((limit) => limit !== undefined && limit >= 0);
  if (!limited) return [];
  const unknown = [...new Set(servers.map(({ flavor }) => flavor))].filter(
    (flavor) => flavors[flavor] === undefined,
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
