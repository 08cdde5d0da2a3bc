/** What a cloud offers a project, as its services list it. */
import type { QuotaName } from "../../environment/plan/types";
import type { Service, Session } from "../../openstack-api/session";
import type { PlainMap } from "../../provider-protocol";
import { inner, text } from "../../provider-protocol/plain";
import { reasonOf } from "../shared/failure";

/** A flavor's size. */
export interface FlavorFact {
  readonly vcpus: number;
  readonly ramMiB: number;
}

export interface NetworkFact {
  readonly name: string;
  readonly isExternal: boolean;
  readonly mtu: number;
}

/** What could be read; a list is absent where its service does not answer. */
export interface CloudFacts {
  readonly flavors?: ReadonlyMap<string, FlavorFact>;
  readonly images?: readonly string[];
  readonly networks?: readonly NetworkFact[];
  /** Nova's availability zones. */
  readonly zones?: readonly string[];
  /** Cinder's. */
  readonly volumeZones?: readonly string[];
  readonly volumeTypes?: readonly string[];
  /** -1 for no limit. */
  readonly limits: Partial<Record<QuotaName, number>>;
  readonly unread: readonly { readonly service: Service; readonly why: string }[];
}

type Part = Omit<CloudFacts, "unread">;
type Read = (session: Session, project: string) => Promise<Part>;

const READS: readonly (readonly [Service, Read])[] = [
  ["compute", compute],
  ["image", images],
  ["network", network],
  ["volume", volumes],
  ["loadBalancer", balancers],
];

/** By GET requests alone. @throws Error if nobody can log in */
export async function readCloud(session: Session): Promise<CloudFacts> {
  const project = await session.projectId();
  const unread: { service: Service; why: string }[] = [];
  let facts: Part = { limits: {} };
  for (const [service, read] of READS) {
    // A cloud without Octavia has no limit of load balancers.
    if (!(await session.has(service))) continue;
    try {
      const part = await read(session, project);
      facts = { ...facts, ...part, limits: { ...facts.limits, ...part.limits } };
    } catch (error) {
      unread.push({ service, why: reasonOf(error) });
    }
  }
  return { ...facts, unread };
}

async function compute(session: Session): Promise<Part> {
  const flavors = await session.list("compute", "flavors", "/flavors/detail");
  return {
    flavors: new Map(
      flavors.map((each) => [
        text(each, "name"),
        { vcpus: Number(each["vcpus"]), ramMiB: Number(each["ram"]) },
      ]),
    ),
    zones: await zonesOf(session, "compute"),
    limits: picked(await absoluteLimits(session, "compute"), {
      instances: "maxTotalInstances",
      cores: "maxTotalCores",
      ramMiB: "maxTotalRAMSize",
      serverGroups: "maxServerGroups",
      serverGroupMembers: "maxServerGroupMembers",
    }),
  };
}

async function images(session: Session): Promise<Part> {
  const listed = await session.list("image", "images", "/images?status=active");
  return { images: listed.map((each) => text(each, "name")), limits: {} };
}

async function network(session: Session, project: string): Promise<Part> {
  const networks = await session.list("network", "networks", "/networks");
  const quota = await session.one("network", "quota", { path: `/quotas/${project}` });
  return {
    networks: networks.map((each) => ({
      name: text(each, "name"),
      isExternal: each["router:external"] === true,
      mtu: Number(each["mtu"]),
    })),
    limits: picked(quota, {
      ports: "port",
      floatingIps: "floatingip",
      networks: "network",
      routers: "router",
      securityGroups: "security_group",
      securityGroupRules: "security_group_rule",
    }),
  };
}

async function volumes(session: Session): Promise<Part> {
  const types = await session.list("volume", "volume_types", "/types");
  return {
    volumeTypes: types.map((each) => text(each, "name")),
    volumeZones: await zonesOf(session, "volume"),
    limits: picked(await absoluteLimits(session, "volume"), {
      volumes: "maxTotalVolumes",
      volumeGiB: "maxTotalVolumeGigabytes",
    }),
  };
}

async function balancers(session: Session, project: string): Promise<Part> {
  const quota = await session.one("loadBalancer", "quota", { path: `/quotas/${project}` });
  return { limits: picked(quota, { loadBalancers: "load_balancer" }) };
}

async function zonesOf(session: Session, service: Service): Promise<readonly string[]> {
  const zones = await session.list(service, "availabilityZoneInfo", "/os-availability-zone");
  return zones.map((each) => text(each, "zoneName"));
}

async function absoluteLimits(session: Session, service: Service): Promise<PlainMap> {
  return inner(await session.one(service, "limits", { path: "/limits" }), "absolute");
}

/** The numbers among them, by our names. */
function picked(from: PlainMap, names: Partial<Record<QuotaName, string>>): Part["limits"] {
  const entries = Object.entries(names).map(([name, theirs]) => [name, from[theirs]] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === "number"));
}
