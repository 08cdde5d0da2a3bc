import type { ServersEnvironmentConfig, OwnerConfig, ServerRole } from "../config";
import { finding, type Finding } from "../findings";
import { serverName } from "../plan/servers";
import { identity, membersOf, poolsOf, slotsOf, type Member } from "../plan/slots";
import { checkAccounts } from "./accounts";
import { duplicatePairs } from "./duplicates";
import { checkFlavors } from "./flavors";
import { checkImageNames } from "./images";
import { checkApplications } from "./inactive";
import { checkHostMounts } from "./host-mounts";
import { checkMountPoints } from "./mount-points";
import { checkPool, checkSlots } from "./pools";
import { checkMounts, checkSwap, checkVolumeNames } from "./volumes";

/**
 * Servers: enough of each role, slots that exist, names and mount points used once. `checkRoom` checks free addresses.
 */
export function checkServers(config: OwnerConfig): readonly Finding[] {
  const pools = poolsOf(config.servers);
  const members = membersOf(config);
  const { applicationServers, desktops } = config.servers;
  return [
    ...checkControlPlane(config),
    ...checkWorkers(config),
    ...checkNeededRoles(config),
    ...checkIdentities("servers.workers", config.servers.workers),
    ...checkIdentities("servers.applicationServers", applicationServers),
    ...pools.flatMap(checkPool),
    ...checkSlots(members),
    ...checkMembers(members, config),
    ...checkMountPoints(config),
    ...checkHostMounts(config),
    ...checkFlavors(config),
    ...checkImageNames(config, config.software),
    ...checkApplications(config),
    ...pools.flatMap((pool) => [...checkMounts(pool.path, pool.config.volumes), ...checkSwap(pool)]),
    ...Object.entries(applicationServers).flatMap(([name, each]) => [
      ...checkMounts(`servers.applicationServers.${name}`, each.volumes),
      ...checkPublic(`servers.applicationServers.${name}`, each),
    ]),
    ...checkMounts("servers.desktops", desktops?.volumes ?? {}),
    ...checkAccounts(config),
  ];
}

/** Two of one identity would be the same resource in the cloud. */
function checkIdentities(
  path: string,
  all: Readonly<Record<string, { readonly formerly?: string | undefined }>>,
): Finding[] {
  const known = Object.entries(all).map(([key, each]) => ({ key, each, is: identity(key, each) }));
  return duplicatePairs(known, ({ is }) => is).map(([first, second]) => {
    const renamed = second.each.formerly === undefined ? first : second;
    const other = renamed === first ? second : first;
    return finding(
      "server.formerly-clash",
      `${path}.${renamed.key}.formerly`,
      `"${renamed.is}" is what ${other.key} is known as`,
      "give the other one a key of its own",
    );
  });
}

/** Names of servers and of their volumes, an owner's or a tenant's. */
export function checkMembers(members: readonly Member[], config: ServersEnvironmentConfig): Finding[] {
  return [...checkNames(members, config), ...checkVolumeNames(members, config)];
}

function checkControlPlane(config: OwnerConfig): Finding[] {
  const count = slotsOf(config.servers.controlPlane).length;
  const problem = (id: Finding["id"], explanation: string, fix: string) => [
    finding(id, "servers.controlPlane.min", explanation, fix),
  ];
  if (count === 0)
    return problem(
      "control-plane.none",
      "leaves the cluster without a control plane",
      "write 3, or 1 for a small lab",
    );
  if (config.cluster.api.kind === "direct" && count > 1) {
    const what = `"direct" reaches only one of the ${count} control planes`;
    return [finding("api.direct-many", "cluster.api.kind", what, "write haproxy or octavia")];
  }
  if (count % 2 === 0)
    return problem(
      "control-plane.even",
      `${count} control planes tolerate no more failures than ${count - 1}`,
      `write ${count + 1} or ${count - 1}, so that etcd has a majority`,
    );
  if (count === 1)
    return problem(
      "control-plane.single",
      "a single control plane is down while it is replaced",
      "write 3 for a lab that people depend on",
    );
  return [];
}

function checkWorkers(config: OwnerConfig): Finding[] {
  const workers = Object.values(config.servers.workers).some((pool) => slotsOf(pool).length > 0);
  if (workers || config.servers.controlPlane.schedulable) return [];
  return [
    finding(
      "workers.none",
      "servers.workers",
      "has no server, so no node can run pods",
      "add a pool with min 1 or more, or set servers.controlPlane.schedulable to true",
    ),
  ];
}

interface Need {
  readonly role: ServerRole & ("bastion" | "gateway" | "loadBalancer" | "gluster");
  /** The setting that needs the role; undefined if it is not needed. */
  readonly because: string | undefined;
}

function checkNeededRoles(config: OwnerConfig): Finding[] {
  const { access, edge, storage } = config;
  const needs: readonly Need[] = [
    { role: "bastion", because: access.kind === "wireguard" ? undefined : `access.kind ${access.kind}` },
    { role: "gateway", because: gatewayUse(config) },
    {
      role: "loadBalancer",
      because: edge.kind === "haproxy" && edge.on === "loadBalancer" ? "edge.kind haproxy" : undefined,
    },
    {
      role: "gluster",
      because: storage.shared.kind === "gluster" ? "storage.shared.kind gluster" : undefined,
    },
  ];
  return needs.flatMap(({ role, because }) => {
    if (because === undefined || slotsOf(config.servers[role] ?? NOBODY).length > 0) return [];
    const what = `has no server, but ${because} needs one`;
    return [finding("server.missing", `servers.${role}`, what, `add servers.${role} with a flavor`)];
  });
}

const NOBODY = { min: 0, removed: [] };

function gatewayUse({ access, cluster, edge }: OwnerConfig): string | undefined {
  if (access.kind !== "bastion") return `access.kind ${access.kind}`;
  if (cluster.api.kind === "haproxy") return "cluster.api.kind haproxy";
  return edge.kind === "haproxy" && edge.on === "gateway" ? "edge.on gateway" : undefined;
}

/** A host name is one DNS label (RFC 1035, section 2.3.4). */
const HOST_NAME_LENGTH = 63;

interface Named {
  readonly member: Member;
  readonly name: string;
}

function checkNames(members: readonly Member[], config: ServersEnvironmentConfig): Finding[] {
  const named = members.map((member): Named => ({ member, name: serverName(member, config.name) }));
  return [
    ...duplicatePairs(named, (each) => each.name).map(([first, { member, name }]) =>
      finding(
        "server.name-clash",
        namePath(member),
        `"${name}" is already the name of ${first.member.key}`,
        "rename one of them",
      ),
    ),
    ...tooLong(named).map(({ member, name }) =>
      finding(
        "server.name-long",
        namePath(member),
        `"${name}" has ${name.length} characters, and a host name has at most ${HOST_NAME_LENGTH}`,
        "choose a shorter name",
      ),
    ),
  ];
}

/** The first of each pool: its other members have names of the same length. */
function tooLong(named: readonly Named[]): readonly Named[] {
  const long = named.filter(({ name }) => name.length > HOST_NAME_LENGTH);
  const paths = long.map(({ member }) => namePath(member));
  return long.filter(({ member }, index) => paths.indexOf(namePath(member)) === index);
}

function namePath(member: Member): string {
  if (member.override.name !== undefined) return `${member.path}.name`;
  return member.role === "desktops" ? member.path : member.settings;
}

type ApplicationServer = OwnerConfig["servers"]["applicationServers"][string];

function checkPublic(path: string, server: ApplicationServer): Finding[] {
  return server.publicApplications
    .filter((each) => !server.applications.includes(each))
    .map((each) =>
      finding(
        "server.application",
        `${path}.publicApplications`,
        `"${each}" is not among the server's applications`,
        "add it to applications too",
      ),
    );
}
