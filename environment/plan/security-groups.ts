/** Security groups by role and by application; every rule has a reason. */
import { assertNever } from "../../errors/assert-never";
import { servesLoadBalancers } from "../cluster-cloud";
import type { OwnerConfig, ServerRole } from "../config";
import { preservesPodAddresses } from "../network-plugin";
import { isNonEmpty, type NonEmpty } from "../non-empty";
import type { Claimed } from "../parts/claims";
import { NODE_PORT_RANGE } from "../schema/primitives";
import { servesNfs, usesHeketi } from "../shared-storage";
import { applicationGroupPlans, applicationGroupsOf } from "./application-groups";
import { API_INSIDE, API_PORT, NODES_GROUP } from "./constants";
import { admissionRules, cidr, frontendRules, group, octaviaGroup, rule, securityGroup } from "./rules";
import { isNeeded, poolsOf, type Member } from "./slots";
import type {
  LoadBalancerPlan,
  NetworkPlan,
  PortPlan,
  RemotePlan,
  SecurityGroupPlan,
  SecurityGroupRulePlan,
  TenantPlan,
} from "./types";

export interface SecurityContext extends Claimed<OwnerConfig> {
  readonly network: NetworkPlan;
  readonly members: readonly Member[];
  readonly ports: readonly PortPlan[];
  readonly loadBalancers: readonly LoadBalancerPlan[];
  readonly tenants: readonly TenantPlan[];
}

/** Groups of one server: the base, its role's, and one for each application. */
export function groupsOf(member: Member, config: OwnerConfig): readonly string[] {
  return ["base", ...roleGroups(member.role, config), ...applicationGroupsOf(member)];
}

const ROLE_GROUPS: Readonly<Record<ServerRole, readonly string[]>> = {
  bastion: ["bastion"],
  gateway: ["gateway"],
  loadBalancer: ["loadBalancer"],
  controlPlane: [NODES_GROUP, "controlPlane"],
  workers: [NODES_GROUP, "workers"],
  gluster: ["gluster"],
  nfs: ["nfs"],
  applicationServers: [],
  desktops: [],
};

/** A schedulable control plane answers NodePorts as workers do. */
function roleGroups(role: ServerRole, config: OwnerConfig): readonly string[] {
  const nodePorts = role === "controlPlane" && config.servers.controlPlane.schedulable ? ["workers"] : [];
  return [...ROLE_GROUPS[role], ...nodePorts];
}

/**
 * Roles whose servers are in a group, with or without servers today.
 * @throws Error for a group of no role, which cannot be the source of a rule: a bug in the program
 */
export function rolesOf(groupKey: string): NonEmpty<ServerRole> {
  const roles = SERVER_ROLES.filter((role) => ROLE_GROUPS[role].includes(groupKey));
  if (!isNonEmpty(roles)) throw new Error(`internal error: no role has the security group ${groupKey}`);
  return roles;
}

const SERVER_ROLES = Object.keys(ROLE_GROUPS) as readonly ServerRole[];

export function securityGroupPlans(context: SecurityContext): readonly SecurityGroupPlan[] {
  const { config, network, members } = context;
  const used = new Set([
    "base",
    ...members.flatMap((member) => roleGroups(member.role, config)),
    ...poolsOf(config.servers)
      .filter(isNeeded)
      .flatMap((pool) => roleGroups(pool.role, config)),
  ]);
  const octavia = context.loadBalancers
    .filter((each) => each.kind === "octavia" || each.kind === "octaviaService")
    .map((each) => octaviaGroup(config.name, each));
  return [
    ...ROLE_GROUP_PLANS.map((make) => make(context)).filter((each) => used.has(each.key)),
    ...applicationGroupPlans(config.name, network, members),
    ...octavia,
  ];
}

const ROLE_GROUP_PLANS = [
  baseGroup,
  bastionGroup,
  gatewayGroup,
  loadBalancerGroup,
  nodesGroup,
  controlPlaneGroup,
  workersGroup,
  glusterGroup,
  nfsGroup,
] as const;

function baseGroup(context: SecurityContext): SecurityGroupPlan {
  const { config, network } = context;
  const has = (role: Member["role"]) => context.members.some((member) => member.role === role);
  return securityGroup(context.config.name, "base", "every server: internal SSH and ping", [
    ...(has("bastion") && config.access.kind !== "wireguard"
      ? [rule("tcp", 22, group("bastion"), "SSH from the bastion only")]
      : []),
    ...(has("gateway") && config.access.kind !== "bastion"
      ? [rule("tcp", 22, group("gateway"), "SSH of WireGuard clients, masqueraded by the gateway")]
      : []),
    rule("icmp", undefined, cidr(network.cidr), "ping and path MTU inside the network"),
  ]);
}

function bastionGroup(context: SecurityContext): SecurityGroupPlan {
  const { access } = context.config;
  const from = access.kind === "wireguard" ? [] : access.ssh.from;
  return securityGroup(
    context.config.name,
    "bastion",
    "bastion: the one way in by SSH",
    from.map((each) => rule("tcp", 22, cidr(each), "SSH of the lab's operators (access.ssh.from)")),
  );
}

function gatewayGroup(context: SecurityContext): SecurityGroupPlan {
  const { access, edge } = context.config;
  const wireguard =
    access.kind === "bastion"
      ? []
      : access.wireguard.from.map((each) =>
          rule("udp", access.wireguard.port, cidr(each), "WireGuard (access.wireguard.from)"),
        );
  const carried = context.loadBalancers.filter(
    (each) =>
      each.kind === "haproxy" && (each.key === "api" || (edge.kind === "haproxy" && edge.on === "gateway")),
  );
  return securityGroup(context.config.name, "gateway", "gateway: WireGuard, the API's load balancer, VRRP", [
    ...wireguard,
    ...balancerRules(carried, "gateway"),
  ]);
}

function loadBalancerGroup(context: SecurityContext): SecurityGroupPlan {
  const { edge } = context.config;
  const here = edge.kind === "haproxy" && edge.on === "loadBalancer";
  const carried = here ? context.loadBalancers.filter((each) => each.key === "edge") : [];
  return securityGroup(
    context.config.name,
    "loadBalancer",
    "edge load balancer: what the lab publishes, VRRP",
    balancerRules(carried, "loadBalancer"),
  );
}

function balancerRules(
  balancers: readonly LoadBalancerPlan[],
  holder: string,
): readonly SecurityGroupRulePlan[] {
  if (balancers.length === 0) return [];
  return [...balancers.flatMap(frontendRules), rule("vrrp", undefined, group(holder), VRRP_REASON)];
}

const VRRP_REASON = "keepalived's election between the holders of the VIP";

function nodesGroup(context: SecurityContext): SecurityGroupPlan {
  const { podCidr, cni } = context.config.cluster;
  return securityGroup(context.config.name, NODES_GROUP, "Kubernetes nodes among themselves", [
    rule("any", undefined, group(NODES_GROUP), "node and pod traffic inside the cluster, overlay included"),
    ...(preservesPodAddresses(cni)
      ? [rule("any", undefined, cidr(podCidr), "pods keep their own addresses: no encapsulation")]
      : []),
  ]);
}

function controlPlaneGroup(context: SecurityContext): SecurityGroupPlan {
  return securityGroup(
    context.config.name,
    "controlPlane",
    "control plane: the Kubernetes API",
    apiRules(context),
  );
}

/** Behind a load balancer no client from outside connects to the API servers directly. */
function apiRules({ config, network, ports }: SecurityContext): readonly SecurityGroupRulePlan[] {
  const inside = rule("tcp", API_PORT, cidr(network.cidr), API_INSIDE);
  const { kind } = config.cluster.api;
  switch (kind) {
    case "haproxy":
      return [rule("tcp", API_PORT, group("gateway"), "API through HAProxy on the gateways"), inside];
    case "octavia":
      return [inside];
    case "direct":
      return ports
        .filter((each) => each.purpose === "api")
        .flatMap((each) => admissionRules(each, each.external));
    default:
      return assertNever(kind);
  }
}

/** NodePorts from the load balancers that forward to them, one rule for each, the tenants' included. */
function workersGroup(context: SecurityContext): SecurityGroupPlan {
  const { config, claims, network, ports, tenants } = context;
  const own = ports.filter((port) => port.purpose !== "api").flatMap((port) => workerRules(port, context));
  const claimed = claims.ports.filter(({ exposure }) => exposure.kind === "inside");
  const internal = [
    ...Object.entries(config.ports.internal).map(([name, nodePort]) => ({
      name,
      nodePort,
      protocol: "tcp" as const,
    })),
    ...claimed,
  ].map(({ name, nodePort, protocol }) =>
    rule(protocol, nodePort, cidr(network.cidr), `internal NodePort ${name}`),
  );
  return securityGroup(config.name, "workers", "NodePorts", [
    ...own,
    ...balancedServices(config, network),
    ...internal,
    ...tenants.flatMap(tenantRules),
  ]);
}

/**
 * Services of type LoadBalancer have whatever NodePorts the API server picks. An amphora connects from the subnet; with
 * OVN packets keep the client's address.
 */
function balancedServices(config: OwnerConfig, network: NetworkPlan): readonly SecurityGroupRulePlan[] {
  const { loadBalancers } = config.cluster.cloud;
  if (!servesLoadBalancers(config) || loadBalancers.kind === "none") return [];
  const from = loadBalancers.kind === "ovn" ? loadBalancers.from : [network.cidr];
  const { from: first, to: last } = NODE_PORT_RANGE;
  return from.flatMap((each) =>
    (["tcp", "udp"] as const).map((protocol) =>
      rule(protocol, [first, last], cidr(each), "NodePorts of Services of type LoadBalancer"),
    ),
  );
}

/** What the nodes admit for a port, by what forwards it to them. */
function workerRules(port: PortPlan, context: SecurityContext): readonly SecurityGroupRulePlan[] {
  const { config, network, loadBalancers } = context;
  const kind = loadBalancers.find(({ key }) => key === port.loadBalancer)?.kind;
  switch (kind) {
    case undefined:
      return nodePortRules(port, undefined);
    case "haproxy":
    case "octavia":
      return nodePortRules(port, carrier(context));
    case "octaviaService":
      // With OVN packets keep their clients' addresses.
      return nodePortRules(
        port,
        config.cluster.cloud.loadBalancers.kind === "ovn" ? undefined : cidr(network.cidr),
      );
    case "metallb":
      // Clients' packets arrive at a node under the address itself.
      return admissionRules(port, port.external);
    default:
      return assertNever(kind);
  }
}

/** Source of the edge's traffic; Neutron chooses the addresses of Octavia's amphorae. */
function carrier({ config, network }: SecurityContext): RemotePlan {
  return config.edge.kind === "haproxy" ? group(config.edge.on) : cidr(network.cidr);
}

/** Without a load balancer clients connect to the NodePort directly, and there is no probe. */
function nodePortRules(port: PortPlan, carrier: RemotePlan | undefined): readonly SecurityGroupRulePlan[] {
  if (carrier === undefined) return admissionRules(port, port.backend);
  const reason = `NodePort of ${port.name}`;
  const probed = port.probe.kind === "tcp" ? undefined : port.probe.port;
  const probe =
    probed === undefined || probed === port.backend
      ? []
      : [rule("tcp", probed, carrier, `health check of ${port.name}`)];
  return [rule(port.protocol, port.backend, carrier, reason), ...probe];
}

function tenantRules(tenant: TenantPlan): readonly SecurityGroupRulePlan[] {
  const from = cidr(tenant.cidr);
  const window =
    tenant.window === undefined
      ? []
      : [rule("tcp", [tenant.window.from, tenant.window.to], from, `test window of tenant ${tenant.name}`)];
  return [
    rule("tcp", tenant.ingress.http, from, `http of tenant ${tenant.name}, from its load balancer`),
    rule("tcp", tenant.ingress.https, from, `https of tenant ${tenant.name}, from its load balancer`),
    ...window,
  ];
}

/** Brick ports as observed with Gluster 10: any of 49152–60999, changing at restart. */
const GLUSTER_BRICKS = [49152, 60999] as const;

function glusterGroup(context: SecurityContext): SecurityGroupPlan {
  const { storage } = context.config;
  const heketi = usesHeketi(storage.shared);
  const peers = ["gluster", ...(heketi ? [NODES_GROUP] : [])].map(group);
  return securityGroup(
    context.config.name,
    "gluster",
    "Gluster servers among themselves and for the cluster",
    [
      ...peers.flatMap((peer) => [
        rule("tcp", 24007, peer, "glusterd"),
        rule("tcp", GLUSTER_BRICKS, peer, "bricks"),
      ]),
      ...(servesNfs(storage.shared)
        ? [
            rule("tcp", 2049, group(NODES_GROUP), "NFSv4 by Ganesha"),
            rule("vrrp", undefined, group("gluster"), VRRP_REASON),
          ]
        : []),
      ...(heketi
        ? [
            rule("tcp", 8080, group(NODES_GROUP), "Heketi's REST API"),
            rule("tcp", 22, group("gluster"), "Heketi's SSH executor"),
          ]
        : []),
    ],
  );
}

function nfsGroup(context: SecurityContext): SecurityGroupPlan {
  return securityGroup(context.config.name, "nfs", "NFS server", [
    rule("tcp", 2049, cidr(context.network.cidr), "NFSv4 for servers and nodes inside the network"),
  ]);
}
