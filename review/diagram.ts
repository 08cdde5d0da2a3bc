/**
 * The environment as a diagram: a Mermaid flowchart of the connections. Servers of one pool are one box, so that a lab
 * of a hundred workers stays readable.
 */
import type { AddressPlan, EnvironmentPlan, LoadBalancerPlan, ServerPlan } from "../environment/plan/types";
import { NODES_GROUP } from "../environment/plan/constants";
import { STORAGE_VIP } from "../environment/shared-storage";
import type { InfraResource } from "../infra/types";
import { grouped } from "./grouped";
import { portList } from "./ports-text";

/** Mermaid text; GitHub and most editors draw it. */
export function diagram(plan: EnvironmentPlan, infra: readonly InfraResource[]): string {
  const lines = [
    "flowchart TB",
    ...outside(plan),
    ...(plan.network.kind === "none" ? [clusterOfOthers(plan)] : network(plan, infra)),
    ...ways(plan),
    ...plan.loadBalancers.flatMap((each) => balancerEdges(plan, each)),
    ...storageEdges(plan),
  ];
  return `${lines.join("\n")}\n`;
}

/** Its nodes are nobody's of the environment. */
function clusterOfOthers({ network }: EnvironmentPlan): string {
  return `  cluster["existing cluster<br/>nodes in ${network.cidr}"]`;
}

function network(plan: EnvironmentPlan, infra: readonly InfraResource[]): readonly string[] {
  return [
    `  subgraph network["${plan.network.name} ${plan.network.cidr}"]`,
    ...[...pools(plan, infra), ...vips(plan)].map((line) => `  ${line}`),
    "  end",
  ];
}

function outside(plan: EnvironmentPlan): readonly string[] {
  const people = `  people(["people"])`;
  const owner = plan.cluster.owner === plan.environment ? [] : [`  owner["nodes of ${plan.cluster.owner}"]`];
  return [
    people,
    ...owner,
    ...plan.tenants.map(
      (tenant) => `  ${id("tenant", tenant.name)}["tenant ${tenant.name}<br/>${tenant.cidr}"]`,
    ),
  ];
}

/** One box for each pool: number of servers, flavor, place, and volumes. */
function pools(plan: EnvironmentPlan, infra: readonly InfraResource[]): readonly string[] {
  const volumes = new Set(
    infra.filter(({ type }) => type === "openstack:blockstorage/volume:Volume").map(({ key }) => key),
  );
  return [...grouped(plan.servers, ({ pool }) => pool)].map(([pool, servers]) => {
    const gib = plan.volumes
      .filter(
        (volume) =>
          volumes.has(`volume/${volume.key}`) && servers.some((server) => server.key === volume.server),
      )
      .reduce((sum, volume) => sum + volume.sizeGiB, 0);
    const size = gib === 0 ? "" : `<br/>${String(gib)} GiB in volumes`;
    const flavors = [...new Set(servers.map((server) => server.flavor))].join(", ");
    return `  ${id("pool", pool)}["${String(servers.length)} × ${pool}<br/>${flavors}<br/>${addressSpan(servers)}${size}"]`;
  });
}

function addressSpan(servers: readonly ServerPlan[]): string {
  const addresses = servers.map((server): AddressPlan => server.address);
  const [first, last] = [addresses[0], addresses.at(-1)];
  if (first?.kind !== "planned" || last?.kind !== "planned") return "addresses by Neutron";
  return first.ip === last.ip ? first.ip : `${first.ip} … ${last.ip}`;
}

function vips(plan: EnvironmentPlan): readonly string[] {
  return plan.vips.map((vip) => {
    const address = vip.address.kind === "planned" ? vip.address.ip : "by Octavia";
    return `  ${id("vip", vip.key)}{{"VIP ${vip.key}<br/>${address}${vip.floatingIp ? "<br/>floating IP" : ""}"}}`;
  });
}

/** Access of operators and people, in addition to the published ports. */
function ways(plan: EnvironmentPlan): readonly string[] {
  const pools = new Set(plan.servers.map((server) => server.pool));
  const bastion = pools.has("bastion") ? [`  people -->|SSH 22| ${id("pool", "bastion")}`] : [];
  const wireguard =
    plan.wireguard === undefined
      ? []
      : [`  people -->|WireGuard udp ${String(plan.wireguard.port)}| ${id("pool", "gateway")}`];
  const tenants = plan.tenants.flatMap((tenant) =>
    nodePools(plan).map(
      (pool) =>
        `  ${id("tenant", tenant.name)} -->|${String(tenant.ingress.http)}, ${String(tenant.ingress.https)}| ${pool}`,
    ),
  );
  return [...bastion, ...wireguard, ...tenants];
}

/** Boxes of the servers that serve NodePorts. */
function nodePools(plan: EnvironmentPlan): readonly string[] {
  const backends = plan.loadBalancers
    .filter((each) => each.key !== "api")
    .flatMap((each) => each.frontends[0]?.backends ?? []);
  return backendPools(
    plan,
    backends.map((backend) => backend.server),
  );
}

function backendPools(plan: EnvironmentPlan, servers: readonly string[]): readonly string[] {
  const own = plan.servers
    .filter((server) => servers.includes(server.key))
    .map((server) => id("pool", server.pool));
  return [...new Set(own.length === 0 && servers.length > 0 ? ["owner"] : own)];
}

function balancerEdges(plan: EnvironmentPlan, balancer: LoadBalancerPlan): readonly string[] {
  const vip = id("vip", balancer.vip);
  const published = balancer.frontends
    .filter((front) => front.admits.some(({ origin }) => origin === "clients"))
    .map((front) => front.listen);
  const through = backendPools(plan, balancer.servers);
  const targets = backendPools(
    plan,
    balancer.frontends.flatMap((front) => front.backends.map((backend) => backend.server)),
  );
  const entry = published.length === 0 ? [] : [`  people -->|${portList(published)}| ${vip}`];
  const hops = through.length === 0 ? [vip] : through;
  return [
    ...entry,
    ...through.map((pool) => `  ${vip} --- ${pool}`),
    ...hops.flatMap((hop) => targets.map((target) => `  ${hop} -->|${balancer.key}| ${target}`)),
  ];
}

/** Nodes mount the shared volume from the storage server that holds the address. */
function storageEdges(plan: EnvironmentPlan): readonly string[] {
  if (!plan.vips.some(({ key }) => key === STORAGE_VIP)) return [];
  const vip = id("vip", STORAGE_VIP);
  const nodes = plan.servers.filter(({ securityGroups }) => securityGroups.includes(NODES_GROUP));
  const pools = [...new Set(nodes.map(({ pool }) => pool))];
  return [
    `  ${vip} --- ${id("pool", "gluster")}`,
    ...pools.map((pool) => `  ${id("pool", pool)} -->|NFS| ${vip}`),
  ];
}

function id(kind: string, name: string): string {
  return `${kind}_${name.replace(/[^A-Za-z0-9]/g, "_")}`;
}
