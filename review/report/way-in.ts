/**
 * The way of a connection from a client to what answers, by the rules themselves: the stages are looked up in the
 * security groups and firewalls of the plan, so a rule that is missing there is missing here too.
 */
import type {
  HostFirewallRulePlan,
  LoadBalancerPlan,
  PortPlan,
  SecurityGroupRulePlan,
  ServerPlan,
} from "../../environment/plan/types";
import { grouped } from "../grouped";
import { distinct, joined, link, shownAddress, type Plan, type ReportInput } from "./context";
import { ids } from "./ids";
import { networkText, portsOf, ruleLine } from "./topics/groups";
import type { Line, Step } from "./types";

/** What answers in the cluster. */
export interface Serving {
  /** Services by NodePort. */
  readonly nodePorts: ReadonlyMap<number, readonly Line[]>;
  /** What the ingress controller forwards to: host, path, Service. */
  readonly hosts: readonly Line[];
}

type Flow = Pick<PortPlan, "protocol"> & { readonly port: number };

/** Hosts that a port lists; the others are in their namespaces. */
const MOST_HOSTS = 40;

export function wayIn(port: PortPlan, { lab: { plan } }: ReportInput, serving: Serving): readonly Step[] {
  const balancer = plan.loadBalancers.find(({ key }) => key === port.loadBalancer);
  const arriving = { protocol: port.protocol, port: port.external };
  const forwarded = { protocol: port.protocol, port: port.backend };
  const behind = targets(port, balancer, plan);
  return [
    { title: "clients", lines: port.admits.map(({ cidr, reason }) => [`${networkText(cidr)}: ${reason}`]) },
    ...(balancer === undefined ? [] : throughBalancer(balancer, port, arriving, plan)),
    ...atServers(behind, forwarded, plan),
    ...atOwner(port, plan),
    ...answering(port, plan, serving),
  ];
}

function targets(port: PortPlan, balancer: LoadBalancerPlan | undefined, plan: Plan): readonly ServerPlan[] {
  const keys = balancer?.frontends
    .find((front) => front.port === port.name)
    ?.backends.map(({ server }) => server);
  const nodes = new Set(keys);
  if (keys !== undefined) return plan.servers.filter(({ key }) => nodes.has(key));
  const group = port.purpose === "api" ? "controlPlane" : "workers";
  return plan.servers.filter(({ securityGroups }) => securityGroups.includes(group));
}

function throughBalancer(
  balancer: LoadBalancerPlan,
  port: PortPlan,
  flow: Flow,
  plan: Plan,
): readonly Step[] {
  const vip = plan.vips.find(({ key }) => key === balancer.vip);
  const carriers = new Set(balancer.servers);
  const address: Step = {
    title: `address ${balancer.vip}`,
    lines:
      vip === undefined
        ? []
        : [
            [
              link(shownAddress(vip.address), ids.vip(vip.key)),
              vip.floatingIp ? ", with a floating IP" : ", without a floating IP",
            ],
          ],
  };
  const servers = plan.servers.filter(({ key }) => carriers.has(key));
  const rules =
    servers.length > 0 ? atServers(servers, flow, plan) : groupSteps(vip?.securityGroups ?? [], flow, plan);
  return [address, ...rules, forwarding(balancer, port, plan)];
}

const FORWARDERS: Readonly<Record<LoadBalancerPlan["kind"], string>> = {
  haproxy: "HAProxy frontend",
  octavia: "Octavia listener",
  octaviaService: "Octavia listener for a Service",
  metallb: "node that answers for the address",
};

function forwarding(balancer: LoadBalancerPlan, port: PortPlan, plan: Plan): Step {
  const front = balancer.frontends.find((each) => each.port === port.name);
  const keys = new Set(front?.backends.map(({ server }) => server));
  const pools = distinct(plan.servers.flatMap(({ key, pool }) => (keys.has(key) ? [pool] : [])));
  const to =
    pools.length === 0
      ? [`nodes of ${plan.cluster.owner}`]
      : joined(pools.map((pool) => link(pool, ids.pool(pool))));
  return {
    title: `${FORWARDERS[balancer.kind]} of load balancer ${balancer.key}`,
    lines: [
      [
        link(`${port.protocol} ${String(port.external)}`, ids.loadBalancer(balancer.key)),
        ` to port ${String(port.backend)} of ${String(keys.size)} servers: `,
        ...to,
      ],
    ],
  };
}

/** The rules of their groups and their own firewalls. */
function atServers(servers: readonly ServerPlan[], flow: Flow, plan: Plan): readonly Step[] {
  const groups = distinct(servers.flatMap(({ securityGroups }) => securityGroups));
  return [...groupSteps(groups, flow, plan), ...firewallSteps(servers, flow, plan)];
}

function groupSteps(groups: readonly string[], flow: Flow, plan: Plan): readonly Step[] {
  return plan.securityGroups
    .filter(({ key }) => groups.includes(key))
    .flatMap(({ key, name, rules }) => {
      const lines = rules.filter((rule) => lets(rule, flow)).map((rule) => ruleLine(key, rule));
      return lines.length === 0 ? [] : [{ title: `rule of security group ${name}`, lines }];
    });
}

/** All servers of a pool have the same firewall for a port; pools with the same rules are one step. */
function firewallSteps(servers: readonly ServerPlan[], flow: Flow, plan: Plan): readonly Step[] {
  const firewalls = new Map(plan.hostFirewalls.map(({ server, accept }) => [server, accept]));
  const pools = [...grouped(servers, ({ pool }) => pool)].map(([pool, [first]]) => {
    const accept = firewalls.get(first?.key ?? "") ?? [];
    return { pool, lines: accept.filter((rule) => lets(rule, flow)).map(firewallLine) };
  });
  return [...grouped(pools, ({ lines }) => JSON.stringify(lines)).values()].flatMap((same) => {
    const lines = same[0]?.lines ?? [];
    const names = same.map(({ pool }) => pool).join(", ");
    return lines.length === 0 ? [] : [{ title: `firewall on each server of ${names}`, lines }];
  });
}

function firewallLine(rule: HostFirewallRulePlan): Line {
  return [`${portsOf(rule)} from ${rule.from.map(networkText).join(", ")}: ${rule.reason}`];
}

/** By protocol and port; a rule for everything is about the cluster's own traffic, and names no port. */
function lets(
  { protocol, portMin, portMax }: Pick<SecurityGroupRulePlan, "protocol" | "portMin" | "portMax">,
  flow: Flow,
): boolean {
  return protocol === flow.protocol && (portMin ?? 0) <= flow.port && flow.port <= (portMax ?? Infinity);
}

/** Nodes of a tenant's cluster have rules of their owner, which that one's report shows. */
function atOwner({ backend }: PortPlan, { cluster, environment }: Plan): readonly Step[] {
  if (cluster.kind !== "shared") return [];
  const rule = `port ${String(backend)} is open to this environment by tenants.${environment} of ${cluster.owner}, whose report has the rule`;
  return [{ title: `rules of ${cluster.owner}`, lines: [[rule]] }];
}

function answering(port: PortPlan, plan: Plan, serving: Serving): readonly Step[] {
  if (port.purpose === "api")
    return [{ title: "answers", lines: [["the API server of each control plane server"]] }];
  if (port.service !== undefined) {
    const { namespace, name, port: number } = port.service;
    return [
      {
        title: "answers",
        lines: [
          ["Service ", link(`${namespace}/${name}`, ids.namespace(namespace)), ` port ${String(number)}`],
        ],
      },
    ];
  }
  const services = serving.nodePorts.get(port.backend) ?? [
    [
      plan.cluster.owner === plan.environment
        ? "what people start with this NodePort"
        : `what has this NodePort in the cluster of ${plan.cluster.owner}`,
    ],
  ];
  const hosts = port.purpose === "ingress" ? serving.hosts : [];
  const more =
    hosts.length > MOST_HOSTS ? [[`and ${String(hosts.length - MOST_HOSTS)} more, in their namespaces`]] : [];
  return [
    { title: "answers", lines: services },
    ...(hosts.length === 0
      ? []
      : [
          {
            title: "hosts that the ingress controller forwards",
            lines: [...hosts.slice(0, MOST_HOSTS), ...more],
          },
        ]),
  ];
}
