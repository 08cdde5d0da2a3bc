/** Everything of a project that a person may make by hand, as the services list it. */
import type { PlainMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";
import { listOwn } from "../resources/search";
import * as t from "../resources/tokens";
import type { Service, Session } from "../session";

export const LISTED_KINDS = [
  "server",
  "serverGroup",
  "keyPair",
  "volume",
  "network",
  "subnet",
  "router",
  "port",
  "securityGroup",
  "rule",
  "floatingIp",
  "loadBalancer",
] as const;
export type ListedKind = (typeof LISTED_KINDS)[number];

/** As the services describe them. */
export type ProjectListing = Readonly<Record<ListedKind, readonly PlainMap[]>>;

/** A project without anything. */
export const EMPTY: ProjectListing = {
  server: [],
  serverGroup: [],
  keyPair: [],
  volume: [],
  network: [],
  subnet: [],
  router: [],
  port: [],
  securityGroup: [],
  rule: [],
  floatingIp: [],
  loadBalancer: [],
};

/** What could not be read, and why. */
export interface Unread {
  readonly service: Service;
  readonly why: string;
}

interface Source {
  readonly service: Service;
  readonly read: (session: Session) => Promise<readonly PlainMap[]>;
}

const SOURCES: Readonly<Record<ListedKind, Source>> = {
  server: of("compute", t.INSTANCE),
  serverGroup: of("compute", t.SERVER_GROUP),
  keyPair: { service: "compute", read: keyPairs },
  volume: of("volume", t.VOLUME),
  network: of("network", t.NETWORK),
  subnet: of("network", t.SUBNET),
  router: of("network", t.ROUTER),
  port: of("network", t.PORT),
  securityGroup: of("network", t.SEC_GROUP),
  rule: of("network", t.SEC_GROUP_RULE),
  floatingIp: of("network", t.FLOATING_IP),
  loadBalancer: of("loadBalancer", t.LOAD_BALANCER),
};

function of(service: Service, type: string): Source {
  return { service, read: (session) => listOwn(session, type) };
}

/** Of the user who looks: key pairs belong to no project. */
async function keyPairs(session: Session): Promise<readonly PlainMap[]> {
  const listed = await session.list("compute", "keypairs", "/os-keypairs");
  return listed.flatMap((each) => maps({ list: [each["keypair"] ?? null] }, "list"));
}

/** A service that does not answer is reported once, and its kinds are empty. @throws Error if nobody can log in */
export async function listProject(
  session: Session,
): Promise<{ readonly listing: ProjectListing; readonly unread: readonly Unread[] }> {
  await session.projectId();
  const unread = new Map<Service, string>();
  const listing: Record<ListedKind, readonly PlainMap[]> = { ...EMPTY };
  for (const kind of LISTED_KINDS) {
    const { service, read } = SOURCES[kind];
    // A cloud without Octavia or Cinder has none.
    if (unread.has(service) || !(await session.has(service))) continue;
    try {
      listing[kind] = await read(session);
    } catch (error) {
      unread.set(service, error instanceof Error ? error.message : String(error));
    }
  }
  return { listing, unread: [...unread].map(([service, why]) => ({ service, why })) };
}

/** How a person recognizes one: its name, an address, or what a rule admits. */
export function listedName(kind: ListedKind, thing: PlainMap, groups: ReadonlyMap<string, string>): string {
  switch (kind) {
    case "rule":
      return ruleText(thing, groups);
    case "floatingIp":
      return text(thing, "floating_ip_address");
    default:
      return text(thing, "name");
  }
}

/** `ingress tcp 22 from 0.0.0.0/0 in prod-workers` */
function ruleText(rule: PlainMap, groups: ReadonlyMap<string, string>): string {
  const [min, max] = [rule["port_range_min"], rule["port_range_max"]];
  const hasRange = typeof min === "number" && typeof max === "number";
  const ports = hasRange ? (min === max ? ` ${min}` : ` ${min}-${max}`) : "";
  const remote = text(rule, "remote_group_id");
  const from =
    remote === "" ? text(rule, "remote_ip_prefix") || "anywhere" : `group ${groups.get(remote) ?? remote}`;
  const direction = text(rule, "direction");
  const group = text(rule, "security_group_id");
  return (
    `${direction} ${text(rule, "protocol") || "any"}${ports} ` +
    `${direction === "egress" ? "to" : "from"} ${from} in ${groups.get(group) ?? group}`
  );
}
