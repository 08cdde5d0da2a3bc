/** Everything of a project that an adoption needs, read by requests that change nothing. */
import { listProject, type ProjectListing, type Unread } from "../../openstack-api/drift/listing";
import type { Session } from "../../openstack-api/session";
import type { PlainMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";

/** A project as its services describe it, with the names of what its things refer to. */
export interface FoundProject {
  readonly listing: ProjectListing;
  /** Services that did not answer. */
  readonly unread: readonly Unread[];
  /** Names by id. */
  readonly flavors: ReadonlyMap<string, string>;
  readonly images: ReadonlyMap<string, string>;
  /** Networks that others share with the project, external ones among them. */
  readonly otherNetworks: readonly PlainMap[];
  readonly otherSubnets: readonly PlainMap[];
}

/** @throws Error if nobody can log in */
export async function readProject(session: Session): Promise<FoundProject> {
  const { listing, unread } = await listProject(session);
  const silent = new Set(unread.map(({ service }) => service));
  const networks = silent.has("network") ? [] : await session.list("network", "networks", "/networks");
  const subnets = silent.has("network") ? [] : await session.list("network", "subnets", "/subnets");
  const flavors = silent.has("compute") ? [] : await session.list("compute", "flavors", "/flavors/detail");
  return {
    listing,
    unread,
    flavors: names(flavors),
    images: names(await session.list("image", "images", "/images")),
    otherNetworks: others(networks, listing.network),
    otherSubnets: others(subnets, listing.subnet),
  };
}

function names(things: readonly PlainMap[]): ReadonlyMap<string, string> {
  return new Map(things.map((each) => [text(each, "id"), text(each, "name")]));
}

function others(all: readonly PlainMap[], own: readonly PlainMap[]): readonly PlainMap[] {
  const ids = new Set(own.map((each) => text(each, "id")));
  return all.filter((each) => !ids.has(text(each, "id")));
}

/** The first address of a port in a subnet. */
export function addressIn(port: PlainMap, subnet: string): string {
  const fixed = maps(port, "fixed_ips").find((each) => text(each, "subnet_id") === subnet);
  return text(fixed, "ip_address");
}

/** The most frequent text, the first of equals; undefined of none. */
export function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const each of texts) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}
