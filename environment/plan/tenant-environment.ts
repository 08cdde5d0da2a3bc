/**
 * The plan of an environment that is a tenant of another one's cluster: its own load balancer in the owner's
 * network, and what runs in its namespaces. It needs the owner's file only, no state.
 */
import type { OwnerConfig, TenantEnvironmentConfig } from "../config";
import { parseCidr, toIp, toNumber } from "../addresses";
import { plannedSecrets } from "../secrets";
import { address } from "../values";
import { hostFirewallPlans } from "./host-firewall";
import { edgeBalancer, floatingIpPlans } from "./load-balancers";
import { commonTags } from "./network";
import { planOwner } from "./owner";
import { portPlans } from "./ports";
import { plannedRanges, TENANT_ADDRESSES, type Ranges } from "./ranges";
import { rule, cidr, group } from "./security-groups";
import { nodePortMembers, serverGroupPlan, serverPlan, volumePlans } from "./servers";
import { membersOf, poolMembers, type Member, type PoolMembers } from "./slots";
import type {
  EnvironmentPlan,
  LoadBalancerPlan,
  NetworkPlan,
  SecurityGroupPlan,
  ServerPlan,
  TenantPlan,
  VipPlan,
} from "./types";

/** A tenant's servers come after its VIP. */
const SERVER_OFFSET = 1;
/** Load-balancer servers that a tenant's addresses have room for, beside the VIP. */
export const TENANT_SERVERS = TENANT_ADDRESSES - SERVER_OFFSET;

export function planTenant(config: TenantEnvironmentConfig, ownerConfig: OwnerConfig): EnvironmentPlan {
  const owner = planOwner(ownerConfig);
  const network: NetworkPlan = { ...owner.network, kind: "existing" };
  const tenant = ownTenant(owner, config.name);
  const ranges = tenantRanges(ownerConfig, tenant);
  const pools = tenantPools(config);
  const members = pools.flatMap((pool) => pool.members);
  const vips = tenantVips(config, network, tenant);
  const servers = tenantServers(config, owner, members, network, ranges, vips);
  const ports = portPlans(config);
  const loadBalancers = edgeBalancer(config.name, config.edge, "edge", {
    ports,
    servers,
    nodePortServers: answering(owner, ownerConfig),
    controlPlane: [],
  });
  const securityGroups = tenantGroups(config, owner, servers, loadBalancers);
  return {
    environment: config.name,
    config,
    network,
    keyPair: { kind: "existing", name: owner.keyPair.name },
    servers,
    serverGroups: pools
      .filter((pool) => pool.members.length > 0)
      .flatMap((pool) => serverGroupPlan(pool, config.name)),
    securityGroups,
    hostFirewalls: hostFirewallPlans({
      network,
      ranges,
      servers,
      securityGroups,
      podCidr: owner.cluster.podCidr,
    }),
    volumes: volumePlans(members, servers, config),
    ports,
    vips,
    floatingIps: floatingIpPlans(network, vips, servers),
    loadBalancers,
    cluster: owner.cluster,
    tenants: [],
    containers: [],
    applicationCredentials: [],
    secrets: plannedSecrets(config),
    tags: commonTags(config),
    metadata: config.metadata,
  };
}

function ownTenant(owner: EnvironmentPlan, name: string): TenantPlan {
  const tenant = owner.tenants.find((each) => each.name === name);
  if (tenant === undefined)
    throw new Error(`the checks let tenant ${name} pass, which ${owner.environment} does not list`);
  return tenant;
}

function tenantRanges(owner: OwnerConfig, tenant: TenantPlan): Ranges {
  const start = firstAddress(tenant);
  const block = { start, end: toIp(toNumber(start) + TENANT_ADDRESSES - 1) };
  return { ...plannedRanges(owner.network), vip: block, loadBalancer: block };
}

/** Of a tenant's four addresses the first is its VIP. */
function firstAddress(tenant: TenantPlan): string {
  return toIp(parseCidr(tenant.cidr).base);
}

function tenantPools(config: TenantEnvironmentConfig): readonly PoolMembers[] {
  const balancer = config.servers.loadBalancer;
  if (balancer === undefined) return [];
  return [
    poolMembers(
      "loadBalancer",
      "loadBalancer",
      "servers.loadBalancer",
      balancer,
      SERVER_OFFSET,
      "loadBalancer",
    ),
  ];
}

function tenantVips(
  config: TenantEnvironmentConfig,
  network: NetworkPlan,
  tenant: TenantPlan,
): readonly VipPlan[] {
  const { edge } = config;
  if (edge.kind === "none") return [];
  const planned = edge.kind === "haproxy" && network.fixedAddresses;
  return [
    {
      key: "edge",
      name: `${config.name}-vip-edge`,
      address: planned
        ? { kind: "planned", ip: firstAddress(tenant) }
        : { kind: "assigned", value: address("vip/edge") },
      floatingIp: edge.floatingIp,
      securityGroups: [edge.kind === "haproxy" ? "loadBalancer" : "edge"],
      holder: edge.kind === "haproxy" ? "keepalived" : "octavia",
    },
  ];
}

function tenantServers(
  config: TenantEnvironmentConfig,
  owner: EnvironmentPlan,
  members: readonly Member[],
  network: NetworkPlan,
  ranges: Ranges,
  vips: readonly VipPlan[],
): readonly ServerPlan[] {
  const held = vips.flatMap((vip) =>
    vip.holder === "keepalived" && vip.address.kind === "planned" ? [vip.address.ip] : [],
  );
  const context = {
    config,
    image: config.image ?? owner.config.image ?? "",
    keyPair: owner.keyPair.name,
    network,
    ranges,
    addressPairs: () => held,
    securityGroups: () => ["base", "loadBalancer"],
  };
  return members.map((member) => serverPlan(member, context));
}

function answering(owner: EnvironmentPlan, config: OwnerConfig): readonly ServerPlan[] {
  const keys = new Set(nodePortMembers(config, membersOf(config)).map((member) => member.key));
  return owner.servers.filter((server) => keys.has(server.key));
}

/** The owner's groups belong to another stack, so the bastion is named by its address instead. */
function tenantGroups(
  config: TenantEnvironmentConfig,
  owner: EnvironmentPlan,
  servers: readonly ServerPlan[],
  loadBalancers: readonly LoadBalancerPlan[],
): readonly SecurityGroupPlan[] {
  const frontends = loadBalancers.flatMap((each) => each.frontends);
  const published = frontends.flatMap((front) =>
    front.from.map((from) => rule(front.protocol, front.listen, cidr(from), `published port ${front.port}`)),
  );
  const make = (key: string, description: string, rules: SecurityGroupPlan["rules"]) => ({
    key,
    name: `${config.name}-${key}`,
    description,
    rules,
  });
  const octavia = loadBalancers.some((each) => each.kind === "octavia")
    ? [make("edge", "VIP of the Octavia load balancer edge", published)]
    : [];
  if (servers.length === 0) return octavia;
  const vrrp = rule(
    "vrrp",
    undefined,
    group("loadBalancer"),
    "keepalived's election between the holders of the VIP",
  );
  return [
    make("base", "every server: internal SSH and ping", [
      ...sshSources(owner).map((from) =>
        rule("tcp", 22, cidr(from), "SSH from the owner's bastion or gateways only"),
      ),
      rule("icmp", undefined, cidr(owner.network.cidr), "ping and path MTU inside the network"),
    ]),
    make("loadBalancer", "edge load balancer: what the environment publishes, VRRP", [
      ...(octavia.length === 0 ? published : []),
      vrrp,
    ]),
    ...octavia,
  ];
}

function sshSources(owner: EnvironmentPlan): readonly string[] {
  const ways = owner.servers.filter(
    (server) => server.role === "bastion" || (server.role === "gateway" && owner.wireguard !== undefined),
  );
  const planned = ways.flatMap((server) =>
    server.address.kind === "planned" ? [`${server.address.ip}/32`] : [],
  );
  return planned.length === ways.length ? planned : [owner.network.cidr];
}
