/** Servers with their volumes and server groups: names, addresses, zones and groups, derived only from their keys. */
import { address } from "../../values";
import type { ServersEnvironmentConfig, OwnerConfig, ServerRole, VolumeConfig } from "../config";
import { gibibytes } from "../schema/quantities";
import { hostMountPlans } from "./host-mounts";
import { addressInRange, type Ranges } from "./ranges";
import type { Member, PoolMembers } from "./slots";
import type { AddressPlan, NetworkPlan, ServerGroupPlan, ServerPlan, VolumePlan, VolumeUse } from "./types";

/** What all servers of one environment have in common. */
export interface ServerContext {
  readonly config: ServersEnvironmentConfig;
  readonly image: string;
  readonly keyPair: string;
  readonly network: NetworkPlan;
  readonly ranges: Ranges;
  /** Addresses that a member may use in addition to its own. */
  readonly addressPairs: (member: Member) => readonly string[];
  readonly securityGroups: (member: Member) => readonly string[];
}

/** Nova metadata `groups`: the server's purpose, as configuration tools read it. */
const GROUPS: Readonly<Record<ServerRole, readonly string[]>> = {
  bastion: ["bastion"],
  gateway: ["gateway"],
  loadBalancer: ["load-balancer"],
  controlPlane: ["kubernetes", "control-plane"],
  workers: ["kubernetes", "worker"],
  gluster: ["gluster"],
  nfs: ["nfs"],
  applicationServers: ["application"],
  desktops: ["desktop"],
};

export function addressOf(member: Member, network: NetworkPlan, ranges: Ranges): AddressPlan {
  return network.fixedAddresses
    ? { kind: "planned", ip: addressInRange(ranges[member.range], member.offset) }
    : { kind: "assigned", value: address(`server/${member.key}`) };
}

export function serverPlan(member: Member, context: ServerContext): ServerPlan {
  const { config, override } = member;
  const zones = config.availabilityZones ?? context.config.availabilityZones ?? [];
  const zone = override.availabilityZone ?? zones[member.slot % Math.max(1, zones.length)];
  return {
    key: member.key,
    role: member.role,
    pool: member.pool,
    slot: member.slot,
    name: serverName(member, context.config.name),
    address: addressOf(member, context.network, context.ranges),
    flavor: override.flavor ?? config.flavor,
    image: override.image ?? config.image ?? context.image,
    keyPair: context.keyPair,
    ...(zone === undefined ? {} : { availabilityZone: zone }),
    ...bootVolume(member),
    ...(member.serverGroup === undefined ? {} : { serverGroup: member.serverGroup }),
    securityGroups: context.securityGroups(member),
    volumes: Object.keys(config.volumes).map((name) => `${member.key}/${name}`),
    allowedAddressPairs: context.addressPairs(member),
    floatingIp: config.floatingIp,
    generation: config.generation,
    metadata: {
      ...context.config.metadata,
      ...config.metadata,
      groups: groupsText(member),
      environment: context.config.name,
    },
    tags: [...new Set([...context.config.tags, ...config.tags])],
    ...kubernetesNode(member),
    applications: config.applications,
    ...(member.user === undefined ? {} : { user: member.user }),
  };
}

export function serverName(member: Member, environment: string): string {
  return member.override.name ?? `${environment}-${member.baseName}`;
}

function bootVolume(member: Member): Pick<ServerPlan, "bootVolume"> {
  const boot = member.config.bootVolume;
  if (boot === undefined) return {};
  return {
    bootVolume: {
      sizeGiB: gibibytes(boot.size),
      ...(boot.type === undefined ? {} : { volumeType: boot.type }),
    },
  };
}

function groupsText(member: Member): string {
  const pool = member.role === "workers" ? [member.pool.replace(".", "-")] : [];
  return [...GROUPS[member.role], ...pool, ...member.config.applications].join(",");
}

/** Labels under node-restriction.kubernetes.io cannot be forged by a kubelet; the pool's own is never the user's. */
function kubernetesNode(member: Member): Pick<ServerPlan, "labels" | "taints" | "gpu" | "mounts"> {
  const { node } = member;
  if (node === undefined) return { labels: {}, taints: [] };
  const pool = member.pool.slice(member.pool.indexOf(".") + 1);
  return {
    labels: { ...node.labels, "node-restriction.kubernetes.io/pool": pool },
    taints: node.taints,
    ...(node.gpu === undefined ? {} : { gpu: node.gpu }),
    ...(Object.keys(node.mounts).length === 0 ? {} : { mounts: hostMountPlans(node.mounts) }),
  };
}

/** One server group for each pool that is to be spread over hypervisors. */
export function serverGroupPlan(pool: PoolMembers, environment: string): readonly ServerGroupPlan[] {
  switch (pool.config.antiAffinity) {
    case "none":
      return [];
    case "soft":
      return [{ key: pool.pool, name: `${environment}-${pool.pool}`, policy: "soft-anti-affinity" }];
    case "hard":
      return [{ key: pool.pool, name: `${environment}-${pool.pool}`, policy: "anti-affinity" }];
  }
}

/** The volumes of all servers, in the order of their servers. */
export function volumePlans(
  members: readonly Member[],
  servers: readonly ServerPlan[],
  config: ServersEnvironmentConfig,
): readonly VolumePlan[] {
  const byKey = new Map(members.map((member) => [member.key, member]));
  return servers.flatMap((server) => {
    const volumes = Object.entries(byKey.get(server.key)?.config.volumes ?? {});
    return volumes.map(([name, volume]) => volumePlan(name, volume, server, config));
  });
}

/** One volume of a server. */
export function volumePlan(
  name: string,
  volume: VolumeConfig,
  server: Pick<ServerPlan, "key" | "name" | "availabilityZone">,
  config: Pick<ServersEnvironmentConfig, "volumeZones">,
): VolumePlan {
  const zone = config.volumeZones === "server" ? server.availabilityZone : undefined;
  return {
    key: `${server.key}/${name}`,
    name: `${server.name}-${name}`,
    server: server.key,
    sizeGiB: gibibytes(volume.size),
    ...(volume.type === undefined ? {} : { volumeType: volume.type }),
    ...(zone === undefined ? {} : { availabilityZone: zone }),
    use: volume.use,
    protect: volume.protect ?? volume.use.kind !== "swap",
    metadata: { server: server.name, ...useMetadata(volume.use) },
  };
}

/** Metadata with the volume's format and mount point, readable in the cloud itself. */
function useMetadata(use: VolumeUse): Record<string, string> {
  switch (use.kind) {
    case "filesystem":
      return { mount_point: use.mountPoint, file_system: use.type };
    case "raw":
      return { use: "raw", device: use.device };
    case "swap":
      return { mount_point: "/swap", use: "swap" };
  }
}

/** Workers, or a schedulable control plane: nodes that run ordinary pods and answer NodePorts. */
export function nodePortMembers(config: OwnerConfig, members: readonly Member[]): readonly Member[] {
  const workers = members.filter((each) => each.role === "workers");
  if (workers.length > 0) return workers;
  return config.servers.controlPlane.schedulable
    ? members.filter((each) => each.role === "controlPlane")
    : [];
}
