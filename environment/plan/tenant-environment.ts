/**
 * The plan of an environment that is a tenant of another one's cluster: its own load balancer in the owner's
 * network, and what runs in its namespaces. It needs the owner's file only, no state.
 */
import type { OwnerConfig, TenantEnvironmentConfig } from "../config";
import type { Claimed } from "../parts/claims";
import { secretPlans } from "../secrets";
import { tenantKind } from "../tenancy";
import { address, output } from "../../values";
import { applicationGroupPlans, applicationGroupsOf } from "./application-groups";
import { declaredOfServers } from "./declared";
import { tenantExpiries } from "./expiries";
import { hostFirewallPlans } from "./host-firewall";
import { edgeBalancer, floatingIpPlans } from "./load-balancers";
import { planOwner, type OwnerSources } from "./owner";
import { ownerOfPorts, portPlans } from "./ports";
import { tenantPools } from "./pools-of-tenant";
import { plannedRanges, type Ranges } from "./ranges";
import { rollingPlan } from "./rolling";
import { cidr, frontendRules, group, octaviaGroup, rule, securityGroup } from "./rules";
import { nodePortMembers, serverGroupPlan, serverPlan, volumePlans } from "./servers";
import { membersOf, type Member } from "./slots";
import type {
  EnvironmentPlan,
  LoadBalancerPlan,
  NetworkPlan,
  PersonPlan,
  SecurityGroupPlan,
  ServerPlan,
  VipPlan,
} from "./types";
import { tenantBlock } from "./tenants";

/** Names of the values that a tenant reads from its owner's stack. */
export const OWNER_NETWORK_ID = output("owner/network-id");
export const OWNER_SUBNET_ID = output("owner/subnet-id");

export function planTenant(
  { config, claims }: Claimed<TenantEnvironmentConfig>,
  ofOwner: OwnerSources,
): EnvironmentPlan {
  const owner = planOwner(ofOwner);
  const ownerConfig = ofOwner.config;
  const network = ownersNetwork(owner);
  const ranges = tenantRanges(config, ownerConfig);
  const pools = tenantPools(config);
  const members = pools.flatMap((pool) => pool.members);
  const vips = tenantVips(config, network, ranges);
  const servers = tenantServers(config, owner, ownerConfig, members, network, ranges, vips);
  const ports = portPlans({ config, claims }, ownerOfPorts(ownerConfig));
  const loadBalancers = edgeBalancer(config.name, config.edge, "edge", {
    ports,
    servers,
    nodePortServers: answering(owner, ownerConfig),
    controlPlane: [],
  });
  const securityGroups = tenantGroups(config, owner, members, loadBalancers);
  const declared = declaredOfServers({ config, claims });
  const plan = {
    ...declared,
    project: { ...pricesOf(owner), ...declared.project },
    tenancy: { kind: tenantKind(owner.cluster.version), tenant: config.name },
    network,
    keyPair: { kind: "existing" as const, name: owner.keyPair.name },
    servers,
    rolling: rollingPlan(servers, config),
    serverGroups: pools
      .filter((pool) => pool.members.length > 0)
      .flatMap((pool) => serverGroupPlan(pool, config.name)),
    securityGroups,
    hostFirewalls: hostFirewallPlans({
      network,
      ranges,
      servers,
      securityGroups,
      vips,
      podCidr: owner.cluster.podCidr,
    }),
    software: owner.software,
    logs: owner.logs,
    volumes: volumePlans(members, servers, config),
    ports,
    vips,
    floatingIps: floatingIpPlans(network, vips, servers),
    loadBalancers,
    people: owner.people.flatMap(operatorOnly),
    reach: [],
    cluster: { ...owner.cluster, kind: "shared" as const },
    sharedStorage: { kind: "none" as const },
    clusterRoles: [],
    tenants: [],
    containers: [],
    applicationCredentials: [],
    cloudValues: [],
    secrets: secretPlans(config, { claims, vips, wireguard: undefined }),
  };
  return { ...plan, expiries: [...tenantExpiries(config, plan), ...claims.expiries] };
}

/** Both are in one project of the cloud. */
function pricesOf({ project: { prices } }: EnvironmentPlan): Pick<EnvironmentPlan["project"], "prices"> {
  return prices === undefined ? {} : { prices };
}

/** The owner's operators operate the tenant's servers too; only the owner grants rights in the cluster. */
function operatorOnly({ name, ssh, kubernetes: { identity } }: PersonPlan): readonly PersonPlan[] {
  return ssh?.as === "operator" ? [{ name, ssh, kubernetes: { identity, namespaces: {} } }] : [];
}

/** Ids from the owner's state, so that nothing is looked up by name and a preview queries no cloud. */
function ownersNetwork({ network }: EnvironmentPlan): NetworkPlan {
  return {
    ...network,
    kind: "existing",
    ids: { network: OWNER_NETWORK_ID.toString(), subnet: OWNER_SUBNET_ID.toString(), ...network.ids },
  };
}

/** The owner's ranges, with the tenant's own block instead of those that it replaces. */
function tenantRanges(config: TenantEnvironmentConfig, owner: OwnerConfig): Ranges {
  const tenant = owner.tenants[config.name];
  if (tenant === undefined) {
    throw new Error(
      `internal error: tenant ${config.name}, which ${owner.name} does not list, passed the checks`,
    );
  }
  const ranges = plannedRanges(owner.network);
  const block = tenantBlock(tenant, ranges);
  return { ...ranges, vip: block, loadBalancer: block };
}

function tenantVips(
  config: TenantEnvironmentConfig,
  network: NetworkPlan,
  ranges: Ranges,
): readonly VipPlan[] {
  const { edge } = config;
  if (edge.kind === "none") return [];
  const planned = edge.kind === "haproxy" && network.fixedAddresses;
  return [
    {
      key: "edge",
      name: `${config.name}-vip-edge`,
      address: planned
        ? { kind: "planned", ip: ranges.vip.start }
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
  ownerConfig: OwnerConfig,
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
    image: config.image ?? ownerConfig.image,
    keyPair: owner.keyPair.name,
    network,
    ranges,
    addressPairs: () => held,
    securityGroups: (member: Member) => ["base", "loadBalancer", ...applicationGroupsOf(member)],
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
  members: readonly Member[],
  loadBalancers: readonly LoadBalancerPlan[],
): readonly SecurityGroupPlan[] {
  const carriedBy = (kind: LoadBalancerPlan["kind"]) => loadBalancers.filter((each) => each.kind === kind);
  const vip = carriedBy("octavia").map((each) => octaviaGroup(config.name, each));
  if (members.length === 0) return vip;
  return [
    securityGroup(config.name, "base", "every server: internal SSH and ping", [
      ...sshSources(owner).map((from) =>
        rule("tcp", 22, cidr(from), "SSH from the owner's bastion or gateways only"),
      ),
      rule("icmp", undefined, cidr(owner.network.cidr), "ping and path MTU inside the network"),
    ]),
    securityGroup(config.name, "loadBalancer", "edge load balancer: what the environment publishes, VRRP", [
      ...carriedBy("haproxy").flatMap(frontendRules),
      rule("vrrp", undefined, group("loadBalancer"), "keepalived's election between the holders of the VIP"),
    ]),
    ...applicationGroupPlans(config.name, owner.network, members),
    ...vip,
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
