/** Security groups by role and by application; every rule says why it is there. */
import type { Application, OwnerConfig } from "../config";
import { API_PORT, NODES_GROUP } from "./constants";
import { APPLICATION_PORTS } from "./applications";
import type { Member } from "./slots";
import type {
  LoadBalancerPlan,
  NetworkPlan,
  PortPlan,
  RemotePlan,
  RuleProtocol,
  SecurityGroupPlan,
  SecurityGroupRulePlan,
  TenantPlan,
} from "./types";

export interface SecurityContext {
  readonly config: OwnerConfig;
  readonly network: NetworkPlan;
  readonly members: readonly Member[];
  readonly ports: readonly PortPlan[];
  readonly loadBalancers: readonly LoadBalancerPlan[];
  readonly tenants: readonly TenantPlan[];
}

export const cidr = (value: string): RemotePlan => ({ kind: "cidr", cidr: value });
export const group = (value: string): RemotePlan => ({ kind: "group", group: value });

/** A rule whose identity is what it says. */
export function rule(
  protocol: RuleProtocol,
  ports: number | readonly [number, number] | undefined,
  remote: RemotePlan,
  reason: string,
): SecurityGroupRulePlan {
  const [portMin, portMax] = typeof ports === "number" ? [ports, ports] : (ports ?? []);
  const range =
    portMin === undefined
      ? "all"
      : portMin === portMax
        ? String(portMin)
        : `${String(portMin)}-${String(portMax)}`;
  const source = remote.kind === "cidr" ? remote.cidr : remote.group;
  return {
    key: `${protocol}/${range}/${source}`,
    protocol,
    ...(portMin === undefined || portMax === undefined ? {} : { portMin, portMax }),
    remote,
    reason,
  };
}

/** Groups of one server: the base, its role's, and one for each application. */
export function groupsOf(member: Member, context: Pick<SecurityContext, "config">): readonly string[] {
  const own = ROLE_GROUPS[member.role];
  const nodePorts = member.role === "controlPlane" && answersNodePorts(context.config) ? ["workers"] : [];
  const applications = member.config.applications.map((each) =>
    applicationGroup(each, isPublic(member, each)),
  );
  return ["base", ...own, ...nodePorts, ...applications];
}

const ROLE_GROUPS: Readonly<Record<Member["role"], readonly string[]>> = {
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

function answersNodePorts(config: OwnerConfig): boolean {
  return config.servers.controlPlane.schedulable;
}

function isPublic(member: Member, application: Application): boolean {
  return member.publicApplications.includes(application);
}

function applicationGroup(application: Application, open: boolean): string {
  return open ? `application-${application}-public` : `application-${application}`;
}

export function securityGroupPlans(context: SecurityContext): readonly SecurityGroupPlan[] {
  const used = new Set(context.members.flatMap((member) => groupsOf(member, context)));
  const octavia = context.loadBalancers
    .filter((each) => each.kind === "octavia")
    .map((each) => octaviaGroup(context, each));
  return [
    ...[
      baseGroup,
      bastionGroup,
      gatewayGroup,
      loadBalancerGroup,
      nodesGroup,
      controlPlaneGroup,
      workersGroup,
      glusterGroup,
      nfsGroup,
    ]
      .map((make) => make(context))
      .filter((each) => used.has(each.key)),
    ...applicationGroups(context),
    ...octavia,
  ];
}

function securityGroup(
  context: SecurityContext,
  key: string,
  description: string,
  rules: readonly SecurityGroupRulePlan[],
): SecurityGroupPlan {
  const unique = new Map(rules.map((each) => [each.key, each]));
  return { key, name: `${context.config.name}-${key}`, description, rules: [...unique.values()] };
}

function baseGroup(context: SecurityContext): SecurityGroupPlan {
  const { config, network } = context;
  const has = (role: Member["role"]) => context.members.some((member) => member.role === role);
  return securityGroup(context, "base", "every server: internal SSH and ping", [
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
    context,
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
  return securityGroup(context, "gateway", "gateway: WireGuard, the API's load balancer, VRRP", [
    ...wireguard,
    ...balancerRules(context, carried, "gateway"),
  ]);
}

function loadBalancerGroup(context: SecurityContext): SecurityGroupPlan {
  const carried = context.loadBalancers.filter((each) => each.key === "edge" && each.kind === "haproxy");
  return securityGroup(
    context,
    "loadBalancer",
    "edge load balancer: what the lab publishes, VRRP",
    balancerRules(context, carried, "loadBalancer"),
  );
}

function balancerRules(
  context: SecurityContext,
  balancers: readonly LoadBalancerPlan[],
  holder: string,
): readonly SecurityGroupRulePlan[] {
  if (balancers.length === 0) return [];
  return [
    ...balancers.flatMap((each) => frontendRules(context, each)),
    rule("vrrp", undefined, group(holder), "keepalived's election between the holders of the VIP"),
  ];
}

function octaviaGroup(context: SecurityContext, balancer: LoadBalancerPlan): SecurityGroupPlan {
  return securityGroup(
    context,
    balancer.key,
    `VIP of the Octavia load balancer ${balancer.key}`,
    frontendRules(context, balancer),
  );
}

function frontendRules(
  context: SecurityContext,
  balancer: LoadBalancerPlan,
): readonly SecurityGroupRulePlan[] {
  return balancer.frontends.flatMap((front) => [
    ...front.from.map((each) =>
      rule(front.protocol, front.listen, cidr(each), `published port ${front.port}`),
    ),
    ...(balancer.key === "api"
      ? [
          rule(
            "tcp",
            front.listen,
            cidr(context.network.cidr),
            "API for nodes and tunnels inside the network",
          ),
        ]
      : []),
  ]);
}

function nodesGroup(context: SecurityContext): SecurityGroupPlan {
  const { podCidr, cni } = context.config.cluster;
  const bare = cni.kind === "calico" && cni.encapsulation === "none";
  return securityGroup(context, NODES_GROUP, "Kubernetes nodes among themselves", [
    rule("any", undefined, group(NODES_GROUP), "node and pod traffic inside the cluster, overlay included"),
    ...(bare
      ? [rule("any", undefined, cidr(podCidr), "pods keep their own addresses: no encapsulation")]
      : []),
  ]);
}

function controlPlaneGroup(context: SecurityContext): SecurityGroupPlan {
  const { api } = context.config.cluster;
  const port = context.ports.find((each) => each.purpose === "api");
  const balancer =
    api.kind === "haproxy"
      ? [rule("tcp", API_PORT, group("gateway"), "API through HAProxy on the gateways")]
      : [];
  const inside = [
    rule(
      "tcp",
      API_PORT,
      cidr(context.network.cidr),
      "API for load balancers, tunnels and tenants inside the network",
    ),
  ];
  const direct =
    api.kind === "direct"
      ? (port?.from ?? []).map((each) =>
          rule("tcp", API_PORT, cidr(each), "API of the operator (access.operator.from)"),
        )
      : [];
  return securityGroup(context, "controlPlane", "control plane: the Kubernetes API", [
    ...balancer,
    ...inside,
    ...direct,
  ]);
}

/** NodePorts from whoever carries them, one rule for each, the tenants' included. */
function workersGroup(context: SecurityContext): SecurityGroupPlan {
  const { edge } = context.config;
  const carrier = edge.kind === "haproxy" ? [group(edge.on)] : [cidr(context.network.cidr)];
  const own = context.ports
    .filter((port) => port.purpose !== "api")
    .flatMap((port) => {
      const remotes = port.loadBalancer === undefined ? port.from.map(cidr) : carrier;
      return remotes.map((remote) => rule(port.protocol, port.backend, remote, `NodePort of ${port.name}`));
    });
  const internal = Object.entries(context.config.ports.internal).map(([name, port]) =>
    rule("tcp", port, cidr(context.network.cidr), `internal NodePort ${name}`),
  );
  return securityGroup(context, "workers", "NodePorts", [
    ...own,
    ...internal,
    ...context.tenants.flatMap(tenantRules),
  ]);
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
  const { shared } = context.config.storage;
  const nfs = shared.kind === "gluster" && shared.mode === "nfs";
  const heketi = shared.kind === "gluster" && shared.mode === "heketi-intree";
  const peers = ["gluster", ...(heketi ? [NODES_GROUP] : [])].map(group);
  return securityGroup(context, "gluster", "Gluster servers among themselves and for the cluster", [
    ...peers.flatMap((peer) => [
      rule("tcp", [24007, 24008], peer, "glusterd"),
      rule("tcp", GLUSTER_BRICKS, peer, "bricks"),
    ]),
    ...(nfs ? [rule("tcp", 2049, group(NODES_GROUP), "NFSv4 by Ganesha")] : []),
    ...(heketi
      ? [
          rule("tcp", 8080, group(NODES_GROUP), "Heketi's REST API"),
          rule("tcp", 22, group("gluster"), "Heketi's SSH executor"),
        ]
      : []),
  ]);
}

function nfsGroup(context: SecurityContext): SecurityGroupPlan {
  return securityGroup(context, "nfs", "NFS server", [
    rule("tcp", 2049, cidr(context.network.cidr), "NFSv4 for servers and nodes inside the network"),
  ]);
}

function applicationGroups(context: SecurityContext): readonly SecurityGroupPlan[] {
  const used = new Map<string, readonly [Application, boolean]>();
  for (const member of context.members) {
    for (const each of member.config.applications) {
      const open = isPublic(member, each);
      used.set(applicationGroup(each, open), [each, open]);
    }
  }
  return [...used].map(([key, [application, open]]) => {
    const from = open ? cidr("0.0.0.0/0") : cidr(context.network.cidr);
    const who = open ? "from anywhere (publicApplications)" : "from inside the network";
    const rules = APPLICATION_PORTS[application].flatMap((each) =>
      each.ports.map((port) => rule(each.protocol, port, from, `${each.what}, ${who}`)),
    );
    return securityGroup(context, key, `application ${application}, ${who}`, rules);
  });
}
