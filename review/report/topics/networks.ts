/** The network, its addresses and load balancers, the cluster, the tunnel, and the tenants. */
import type { LoadBalancerPlan, TenantPlan, VipPlan } from "../../../environment/plan/types";
import { keys } from "../../../infra/keys";
import { portList, spanText } from "../../ports-text";
import { distinct, joined, link, monthText, placeOf, shownAddress, type ReportInput } from "../context";
import { ids } from "../ids";
import type { Fact, Row, Section, Thing } from "../types";

export function networkSection(input: ReportInput): Section {
  const { network, vips, loadBalancers, tenants } = input.lab.plan;
  return {
    id: "networks",
    title: "Networks",
    columns: ["what", "address", "leads to"],
    things: [
      ...(network.kind === "none" ? [] : [networkThing(input)]),
      ...vips.map((vip) => vipThing(vip, input)),
      ...loadBalancers.map((each) => balancerThing(each, input)),
      ...tunnelThings(input),
      clusterThing(input),
      ...tenants.map((tenant) => tenantThing(tenant, input)),
    ],
  };
}

function networkThing(input: ReportInput): Thing {
  const { network, servers } = input.lab.plan;
  const pools = network.allocationPools.map(({ start, end }) => `${start}–${end}`);
  return {
    id: ids.network,
    what: "network",
    title: network.name,
    summary: [[`${network.kind} network`], [network.cidr], [`${String(servers.length)} servers`]],
    facts: [
      { label: "addresses", value: [network.cidr] },
      { label: "left to Neutron", value: [pools.join(", ") || "none"] },
      { label: "gateway", value: [network.gatewayIp] },
      { label: "external network", value: [network.externalNetwork] },
      { label: "MTU", value: [String(network.mtu)] },
      { label: "name servers", value: [network.dnsNameservers.join(", ") || "those of the cloud"] },
    ],
    places: [placeOf(input, "network")],
    reached: [],
    tables: [],
  };
}

function vipThing(vip: VipPlan, input: ReportInput): Thing {
  const { plan } = input.lab;
  const carried = plan.loadBalancers.filter((each) => each.vip === vip.key);
  const balancers = joined(carried.map(({ key }) => link(key, ids.loadBalancer(key))));
  const cost = vip.floatingIp ? { cost: monthText(plan, [[{ kind: "floatingIp" }, 1]]) } : {};
  const address = shownAddress(vip.address);
  return {
    id: ids.vip(vip.key),
    what: "address",
    title: vip.name,
    summary: [[vip.floatingIp ? "address with a floating IP" : "address inside"], [address], balancers],
    facts: [
      { label: "address", value: [address] },
      { label: "floating IP", value: [vip.floatingIp ? `yes, of ${plan.network.externalNetwork}` : "no"] },
      { label: "held by", value: [vip.holder] },
      { label: "security groups", value: joined(vip.securityGroups.map((key) => link(key, ids.group(key)))) },
      { label: "in OpenStack", value: [keys.vipPort(vip.key)] },
    ],
    places: [placeOf(input, settingOfVip(vip.key))],
    reached: [],
    ...cost,
    tables: [],
  };
}

function settingOfVip(key: string): string {
  if (key === "storage") return "storage.shared";
  if (key === "ingress") return "ingress.exposure";
  return key === "api" ? "cluster.api" : "edge";
}

function balancerThing(balancer: LoadBalancerPlan, input: ReportInput): Thing {
  const { plan } = input.lab;
  const ports = portList(balancer.frontends.map(({ listen }) => listen));
  const carriers = new Set(balancer.servers);
  const pools = distinct(plan.servers.flatMap(({ key, pool }) => (carriers.has(key) ? [pool] : [])));
  const on =
    pools.length === 0
      ? [balancer.kind === "metallb" ? "the nodes, by MetalLB" : "Octavia"]
      : joined(pools.map((pool) => link(pool, ids.pool(pool))));
  const charged = balancer.kind === "octavia" || balancer.kind === "octaviaService";
  const cost = charged ? { cost: monthText(plan, [[{ kind: "loadBalancer" }, 1]]) } : {};
  return {
    id: ids.loadBalancer(balancer.key),
    what: "load balancer",
    title: balancer.name,
    summary: [[`load balancer, ${balancer.kind}`], [balancer.vip], [`ports ${ports}`]],
    facts: [
      { label: "kind", value: [balancer.kind] },
      { label: "on", value: on },
      { label: "address", value: [link(balancer.vip, ids.vip(balancer.vip))] },
    ],
    places: [placeOf(input, settingOfVip(balancer.key))],
    reached: [],
    ...cost,
    tables: [
      {
        title: "Frontends",
        columns: ["port", "from", "to"],
        rows: balancer.frontends.map(({ port, listen, protocol, admits, backends }): Row => ({
          cells: [
            [link(`${protocol} ${String(listen)} ${port}`, ids.port(port))],
            [admits.map(({ cidr }) => cidr).join(", ")],
            [`port ${String(backends[0]?.port ?? "")} of ${String(backends.length)} servers`],
          ],
        })),
      },
    ],
  };
}

function tunnelThings(input: ReportInput): readonly Thing[] {
  const { wireguard } = input.lab.plan;
  if (wireguard === undefined) return [];
  const { cidr, port, endpoint, allowedIps, peers } = wireguard;
  const at =
    endpoint.kind === "vip"
      ? link(endpoint.vip, ids.vip(endpoint.vip))
      : link(endpoint.server, ids.server(endpoint.server));
  return [
    {
      id: ids.wireguard,
      what: "tunnel",
      title: "WireGuard",
      summary: [["tunnel for people and sites"], [cidr], [allowedIps.join(", ")]],
      facts: [
        { label: "clients connect to", value: [at, `: udp ${String(port)}`] },
        { label: "addresses in the tunnel", value: [cidr] },
        { label: "networks behind it", value: [allowedIps.join(", ")] },
        {
          label: "peers",
          value:
            peers.length === 0 ? ["none"] : joined(peers.map(({ name }) => link(name, ids.person(name)))),
        },
      ],
      places: [placeOf(input, "access.wireguard")],
      reached: [],
      tables: [],
    },
  ];
}

function clusterThing(input: ReportInput): Thing {
  const { cluster, environment } = input.lab.plan;
  const api =
    cluster.api === undefined
      ? "by labstead:kubeconfig"
      : `${shownAddress(cluster.api.address)}:${String(cluster.api.port)}`;
  const fact = (label: string, text: string): Fact => ({ label, value: [text] });
  return {
    id: ids.cluster,
    what: "Kubernetes cluster",
    title: cluster.name,
    summary: [[`Kubernetes ${cluster.version}`], [api], [cluster.kind]],
    facts: [
      fact("Kubernetes", cluster.version),
      fact("owner", cluster.owner === environment ? "this environment" : cluster.owner),
      fact("API", api),
      fact("operators connect by", cluster.apiRoute),
      fact("pods", cluster.podCidr),
      fact("Services", cluster.serviceCidr),
      fact("nodes", cluster.nodeCidr),
      fact("ingress class", cluster.ingress.className),
    ],
    places: [placeOf(input, "cluster")],
    reached: [],
    tables: [],
  };
}

function tenantThing(
  { name, ingress, window, namespaces, hosts, cidr }: TenantPlan,
  input: ReportInput,
): Thing {
  const nodePorts = [
    `${String(ingress.http)}, ${String(ingress.https)}`,
    ...(window === undefined ? [] : [spanText(window.from, window.to)]),
  ].join(", ");
  return {
    id: ids.tenant(name),
    what: "tenant",
    title: name,
    summary: [["tenant of the cluster"], [cidr], [`NodePorts ${nodePorts}`]],
    facts: [
      { label: "its load balancer comes from", value: [cidr] },
      { label: "NodePorts", value: [nodePorts] },
      { label: "namespaces", value: [namespaces.join(", ") || "none"] },
      { label: "hosts", value: [hosts.join(", ") || "none"] },
    ],
    places: [placeOf(input, `tenants.${name}`)],
    reached: [],
    tables: [],
  };
}
