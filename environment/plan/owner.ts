/** The plan of an environment that owns its infrastructure and cluster. */
import { neededCloudValues } from "../cluster-cloud";
import type { OwnerConfig } from "../config";
import { ingressControllerPlan } from "../ingress-controller";
import { preservesPodAddresses } from "../network-plugin";
import type { Claimed } from "../parts/claims";
import type { ClusterRoleDeclaration } from "../parts/cluster-roles";
import { secretPlans } from "../secrets";
import { sharedClassOf } from "../shared-storage";
import { aliasesOf } from "../storage-classes";
import { rulesPlan } from "./admission-rules";
import { API_PORT } from "./constants";
import { credentialPlans } from "./credentials";
import { declaredOfServers } from "./declared";
import { ownerExpiries } from "./expiries";
import { hostFirewallPlans } from "./host-firewall";
import { floatingIpPlans, loadBalancerPlans, vipPlans } from "./load-balancers";
import { apiServerName, keyPairPlan, networkPlan } from "./network";
import { peoplePlan } from "./people";
import { ownerOfPorts, portPlans } from "./ports";
import { plannedRanges, type Ranges } from "./ranges";
import { reachPlans } from "./reach";
import { rollingPlan } from "./rolling";
import { groupsOf, securityGroupPlans } from "./security-groups";
import { nodePortMembers, serverGroupPlan, serverPlan, volumePlans } from "./servers";
import { isNeeded, membersOf, poolsOf, type Member } from "./slots";
import { tenantPlans } from "./tenants";
import { tunnelPassage } from "./tunnel-rules";
import type {
  AccessPlan,
  ApiPlan,
  CinderClassesPlan,
  ClusterPlan,
  ContainerPlan,
  EnvironmentPlan,
  NetworkPlan,
  ServerPlan,
  VipPlan,
} from "./types";
import { wireGuardPlan } from "./wireguard";

/** Input of an owner's plan. */
export interface OwnerSources extends Claimed<OwnerConfig> {
  /** Of all parts of the catalog: tenants use them too. */
  readonly clusterRoles: readonly ClusterRoleDeclaration[];
  /** Of all parts of the catalog. */
  readonly imageRepositories: readonly string[];
}

export function planOwner({
  config,
  claims,
  clusterRoles,
  imageRepositories,
}: OwnerSources): EnvironmentPlan {
  const network = networkPlan(config.name, config.network);
  const ranges = plannedRanges(config.network);
  const keyPair = keyPairPlan(config);
  const members = membersOf(config);
  const vips = vipPlans(config, network, ranges);
  const servers = ownerServers(config, members, network, ranges, vips, keyPair.name);
  const ports = portPlans({ config, claims }, ownerOfPorts(config));
  const tenants = tenantPlans(config, network, ranges);
  const carried = traffic(config, members, servers, ports);
  const loadBalancers = loadBalancerPlans(config, carried);
  const securityGroups = securityGroupPlans({
    config,
    claims,
    network,
    members,
    ports,
    loadBalancers,
    tenants,
  });
  const wireguard = wireGuardPlan(config, network, vips, servers);
  const cluster = clusterPlan(config, servers, vips);
  const api = apiPlan(config, servers, vips);
  const reach = reachPlans({ config, network, ranges, api, vips, loadBalancers, ...carried });
  const firewalls = {
    network,
    ranges,
    servers,
    securityGroups,
    vips,
    podCidr: cluster.podCidr,
    ...(wireguard && { tunnel: tunnelPassage(wireguard, network, reach) }),
  };
  const rules = rulesPlan({ config, claims }, imageRepositories);
  const plan = {
    ...declaredOfServers({ config, claims }),
    tenancy: { kind: "owner" as const },
    network,
    keyPair,
    servers,
    rolling: rollingPlan(servers, config),
    serverGroups: poolsOf(config.servers)
      .filter(isNeeded)
      .flatMap((pool) => serverGroupPlan(pool, config.name)),
    securityGroups,
    hostFirewalls: hostFirewallPlans(firewalls),
    software: config.software,
    logs: config.logs,
    volumes: volumePlans(members, servers, config),
    ports,
    vips,
    floatingIps: floatingIpPlans(network, vips, servers),
    loadBalancers,
    ...(wireguard && { wireguard }),
    people: peoplePlan(config),
    reach,
    cluster,
    nodeSettings: config.cluster,
    sharedStorage: config.storage.shared,
    access: accessPlan(config),
    clusterRoles,
    ...(rules && { rules }),
    tenants,
    containers: containerPlans(config),
    applicationCredentials: credentialPlans(config),
    cloudValues: neededCloudValues(config),
    secrets: secretPlans(config, { claims, vips, wireguard }),
  };
  return { ...plan, expiries: [...ownerExpiries(config, plan), ...claims.expiries] };
}

function accessPlan({ access }: OwnerConfig): AccessPlan {
  const { operator } = access;
  return access.kind === "wireguard" ? { operator } : { operator, sshFrom: access.ssh.from };
}

function ownerServers(
  config: OwnerConfig,
  members: readonly Member[],
  network: NetworkPlan,
  ranges: Ranges,
  vips: readonly VipPlan[],
  keyPair: string,
): readonly ServerPlan[] {
  const pairs = addressPairs(config, vips);
  const context = {
    config,
    image: config.image,
    keyPair,
    network,
    ranges,
    addressPairs: pairs,
    securityGroups: (member: Member) => groupsOf(member, config),
  };
  return members.map((member) => serverPlan(member, context));
}

/** A holder may use its VIP; a node its pods' addresses, if they are not encapsulated. */
function addressPairs(config: OwnerConfig, vips: readonly VipPlan[]): (member: Member) => readonly string[] {
  const { cni, podCidr } = config.cluster;
  const bare = preservesPodAddresses(cni);
  const held = vips
    .filter((each) => each.holder === "keepalived" || each.holder === "metallb")
    .flatMap((each) =>
      each.address.kind === "planned" ? [{ ip: each.address.ip, groups: each.securityGroups }] : [],
    );
  return (member) => {
    const node = member.role === "workers" || member.role === "controlPlane";
    const groups = groupsOf(member, config);
    const own = held.filter((each) => each.groups.some((key) => groups.includes(key))).map(({ ip }) => ip);
    return [...own, ...(node && bare ? [podCidr] : [])];
  };
}

function traffic(
  config: OwnerConfig,
  members: readonly Member[],
  servers: readonly ServerPlan[],
  ports: EnvironmentPlan["ports"],
) {
  const answering = new Set(nodePortMembers(config, members).map((member) => member.key));
  return {
    ports,
    servers,
    nodePortServers: servers.filter((server) => answering.has(server.key)),
    controlPlane: servers.filter((server) => server.role === "controlPlane"),
  };
}

function clusterPlan(
  config: OwnerConfig,
  servers: readonly ServerPlan[],
  vips: readonly VipPlan[],
): ClusterPlan {
  const sharedClass = sharedClassOf(config.storage.shared);
  return {
    kind: "own",
    name: config.cluster.name ?? config.name,
    owner: config.name,
    version: config.cluster.version,
    podCidr: config.cluster.podCidr,
    serviceCidr: config.cluster.serviceCidr,
    nodeCidr: config.network.cidr,
    ingress: ingressControllerPlan(config.ingress),
    blockClass: config.storage.block.className,
    cinder: cinderClasses(config.storage),
    ...(sharedClass === undefined ? {} : { sharedClass }),
    api: apiPlan(config, servers, vips),
    apiRoute: config.access.operator.kind,
    preservesPodAddresses: preservesPodAddresses(config.cluster.cni),
    schedulableControlPlane: config.servers.controlPlane.schedulable,
    appArmor: config.cluster.nodes.appArmor,
  };
}

function cinderClasses(storage: OwnerConfig["storage"]): CinderClassesPlan {
  const { className, volumeType } = storage.block;
  return {
    classes: [className, ...aliasesOf(storage, "block")],
    ...(volumeType === undefined ? {} : { volumeType }),
  };
}

function apiPlan(config: OwnerConfig, servers: readonly ServerPlan[], vips: readonly VipPlan[]): ApiPlan {
  const serverName = apiServerName(config);
  const { api } = config.cluster;
  if (api.kind === "direct") {
    const server = at(
      servers.filter((each) => each.role === "controlPlane"),
      0,
    );
    return {
      address: server.address,
      port: API_PORT,
      serverName,
      ...(server.floatingIp ? { floatingIp: `server/${server.key}` } : {}),
    };
  }
  const vip = at(
    vips.filter((each) => each.key === "api"),
    0,
  );
  return {
    address: vip.address,
    port: api.port,
    serverName,
    ...(vip.floatingIp ? { floatingIp: "vip/api" } : {}),
  };
}

function containerPlans(config: OwnerConfig): readonly ContainerPlan[] {
  return Object.entries(config.containers).map(([key, each]) => ({
    key,
    name: each.name ?? `${config.name}-${key}`,
    purpose: each.purpose,
    versioning: each.versioning,
  }));
}

/** An element that the checks guarantee. */
function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined)
    throw new Error(`internal error: a plan without element ${String(index)} passed the checks`);
  return element;
}
