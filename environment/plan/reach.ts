/**
 * What people, machines and sites may connect to: one list for each, which the gateway's firewall and the bastion's
 * sshd both enforce. Other ports inside the network (NFS, databases, internal NodePorts) are for servers only.
 */
import { overlaps, parseCidr } from "../addresses";
import type { Application, OwnerConfig } from "../config";
import { isNonEmpty, type NonEmpty } from "../non-empty";
import { APPLICATION_PORTS } from "./applications";
import { rangeHyphen, type Ranges } from "./ranges";
import { tenantBlock } from "./tenants";
import type {
  AddressPlan,
  ApiPlan,
  DestinationPlan,
  FrontendPlan,
  LoadBalancerPlan,
  NetworkPlan,
  PortPlan,
  ReachPlan,
  ServerPlan,
  VipPlan,
} from "./types";

export interface ReachContext {
  readonly config: OwnerConfig;
  readonly network: NetworkPlan;
  readonly ranges: Ranges;
  readonly api: ApiPlan;
  readonly servers: readonly ServerPlan[];
  /** Servers that answer NodePorts. */
  readonly nodePortServers: readonly ServerPlan[];
  readonly ports: readonly PortPlan[];
  readonly vips: readonly VipPlan[];
  readonly loadBalancers: readonly LoadBalancerPlan[];
}

/** Who connects by the tunnel or through the bastion, and can be identified there. */
interface Subject {
  readonly name: string;
  readonly ssh: ReachPlan["ssh"];
  readonly applications: readonly Application[];
}

export function reachPlans(context: ReachContext): readonly ReachPlan[] {
  const common = [
    apiDestination(context.api),
    ...edgeDestinations(context),
    ...nodePortDestinations(context),
    ...tenantDestinations(context),
  ];
  return subjects(context.config).map(({ name, ssh, applications }) => ({
    name,
    ssh,
    destinations: [
      ...common,
      ...desktopDestinations(name, context),
      ...applications.flatMap((each) => applicationDestinations(each, context)),
    ],
  }));
}

/**
 * A peer without an SSH setting may be an operator with the servers' key pair, so servers' own keys decide. A jump
 * account on the bastion has at most one server.
 */
function subjects({ access, people }: OwnerConfig): readonly Subject[] {
  const peers = access.kind === "bastion" ? {} : access.wireguard.peers;
  return [
    ...Object.entries(peers).map(([name, { applications }]): Subject => ({
      name,
      ssh: "every server",
      applications,
    })),
    ...Object.entries(people)
      .filter(([, { ssh, wireguard }]) => ssh !== undefined || wireguard !== undefined)
      .map(([name, { ssh, applications }]): Subject => ({
        name,
        ssh: ssh?.as === "jump" ? "destinations" : "every server",
        applications,
      })),
  ];
}

function apiDestination({ address, port }: ApiPlan): DestinationPlan {
  return { what: "the Kubernetes API", protocol: "tcp", port, at: [address] };
}

/** Whether a port admits clients in the servers' network, where people's connections appear to be from. */
function admitsInside({ admits }: Pick<PortPlan, "admits">, network: NetworkPlan): boolean {
  return admits.some(({ cidr }) => overlaps(parseCidr(cidr), parseCidr(network.cidr)));
}

function edgeDestinations({ loadBalancers, vips, network }: ReachContext): readonly DestinationPlan[] {
  return loadBalancers
    .filter(({ key }) => key !== "api")
    .flatMap(({ frontends, vip }) => {
      const address = vips.find(({ key }) => key === vip)?.address;
      if (address === undefined) throw new Error(`internal error: the VIP ${vip} is not planned`);
      return frontends
        .filter((front) => admitsInside(front, network))
        .map((front) => frontendDestination(front, address));
    });
}

function frontendDestination(
  { port, protocol, listen }: FrontendPlan,
  address: AddressPlan,
): DestinationPlan {
  return { what: `published port ${port}`, protocol, port: listen, at: [address] };
}

/** Without a load balancer clients connect to the nodes. */
function nodePortDestinations(context: ReachContext): readonly DestinationPlan[] {
  const { ports, nodePortServers, network, ranges } = context;
  const at = nodePortServers.map(({ address }) => address);
  const role = nodePortServers[0]?.role;
  if (!isNonEmpty(at) || role === undefined) return [];
  return ports
    .filter((port) => port.loadBalancer === undefined && port.purpose !== "api")
    .filter((port) => admitsInside(port, network))
    .map(({ name, protocol, backend }) => ({
      what: `published port ${name}`,
      protocol,
      port: backend,
      at,
      ...(network.fixedAddresses ? { range: rangeHyphen(ranges[role]) } : {}),
    }));
}

/** Pages of tenants whose load balancer has a planned address. */
function tenantDestinations({ config, network, ranges }: ReachContext): readonly DestinationPlan[] {
  return Object.entries(config.tenants).flatMap(([name, tenant]) => {
    if (tenant.edge === "octavia" || !network.fixedAddresses) return [];
    const at: NonEmpty<AddressPlan> = [{ kind: "planned", ip: tenantBlock(tenant, ranges).start }];
    return [80, 443].map((port) => ({ what: `pages of tenant ${name}`, protocol: "tcp" as const, port, at }));
  });
}

function desktopDestinations(name: string, { servers }: ReachContext): readonly DestinationPlan[] {
  return servers
    .filter(({ user }) => user?.name === name)
    .map((server) => ({
      what: `SSH of ${server.name}`,
      protocol: "tcp",
      port: 22,
      at: [server.address],
    }));
}

function applicationDestinations(
  application: Application,
  { servers }: ReachContext,
): readonly DestinationPlan[] {
  const at = servers
    .filter(({ applications }) => applications.includes(application))
    .map(({ address }) => address);
  if (!isNonEmpty(at)) return [];
  return APPLICATION_PORTS[application].flatMap(({ protocol, ports, what }) =>
    ports.map((port) => ({ what, protocol, port, at })),
  );
}
