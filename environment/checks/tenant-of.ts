import {
  isOwner,
  isTenant,
  type EnvironmentConfig,
  type OwnerConfig,
  type TenantConfig,
  type TenantEnvironmentConfig,
} from "../config";
import { finding, type Finding } from "../findings";
import { servedHosts, type AllClaims, type Claimed } from "../parts/claims";
import { slotsOf } from "../plan/slots";
import { tenantPools, TENANT_SERVERS } from "../plan/pools-of-tenant";
import { checkNeeds, ownersClusterOffer } from "./cluster-offer";
import { distinct } from "./duplicates";
import { checkPool } from "./pools";
import { checkMembers } from "./servers";
import { checkFlavors } from "./flavors";
import { checkImageNames } from "./images";
import { checkApplications } from "./inactive";
import { checkMountPoints } from "./mount-points";
import { checkMounts } from "./volumes";

/** A tenant's own part: its load balancer. */
export function checkTenant(config: TenantEnvironmentConfig): readonly Finding[] {
  const pools = tenantPools(config);
  return [
    ...checkEdge(config),
    ...pools.flatMap(checkPool),
    ...checkMembers(
      pools.flatMap((pool) => pool.members),
      config,
    ),
    ...pools.flatMap((pool) => checkMounts(pool.path, pool.config.volumes)),
    ...checkMountPoints(config),
    ...checkFlavors(config),
    ...checkApplications(config),
  ];
}

/** A tenant against its owner's file: listed there, and using only what it was granted. */
export function checkTenantOf(
  { config, claims }: Claimed<TenantEnvironmentConfig>,
  owner: EnvironmentConfig | undefined,
): readonly Finding[] {
  const { owner: name } = config.cluster;
  const problem = (id: Finding["id"], explanation: string, fix: string) => [
    finding(id, "cluster.owner", explanation, fix),
  ];
  if (owner === undefined) {
    return problem(
      "tenant.owner",
      `"${name}" has no readable environment`,
      `add Pulumi.${name}.yaml with labstead:environment, or correct the name`,
    );
  }
  if (!isOwner(owner)) {
    return isTenant(owner)
      ? problem("tenant.owner", `"${name}" is a tenant itself`, `name its owner, ${owner.cluster.owner}`)
      : problem(
          "tenant.owner",
          `"${name}" is on an existing cluster, which has no tenants`,
          "name an environment whose cluster.kind is own",
        );
  }
  const tenant = owner.tenants[config.name];
  if (tenant === undefined) {
    const what = `${name} does not list ${config.name} among its tenants`;
    return problem("tenant.unlisted", what, unlistedFix({ config, claims }, owner));
  }
  return [
    ...checkShare({ config, claims }, tenant, name),
    ...checkNetwork(config, owner),
    ...checkNeeds(ownersClusterOffer(owner), claims),
    ...checkImageNames(config, owner.software),
  ];
}

/** The line to add, complete. */
function unlistedFix({ config, claims }: Claimed<TenantEnvironmentConfig>, owner: OwnerConfig): string {
  const { ingress, ports } = config;
  const namespaces = claims.namespaces.map(({ name }) => name);
  const taken = Object.values(owner.tenants).map((tenant) => tenant.slot);
  const free = Array.from({ length: taken.length + 1 }, (_, slot) => slot).find(
    (slot) => !taken.includes(slot),
  );
  const parts = [
    `slot: ${free ?? taken.length}`,
    `ingress: {http: ${ingress.http}, https: ${ingress.https}}`,
    ...(ports.window === undefined ? [] : [`window: {from: ${ports.window.from}, to: ${ports.window.to}}`]),
    ...(config.edge.kind === "octavia" ? ["edge: octavia"] : []),
    `namespaces: [${namespaces.length === 0 ? config.name : namespaces.join(", ")}]`,
    `hosts: [${servedHosts(claims).join(", ")}]`,
  ];
  return `add this line under tenants in Pulumi.${owner.name}.yaml: ${config.name}: {${parts.join(", ")}}`;
}

function checkShare(
  { config, claims }: Claimed<TenantEnvironmentConfig>,
  tenant: TenantConfig,
  owner: string,
): Finding[] {
  const fix = `correct it, or change tenants.${config.name} in Pulumi.${owner}.yaml`;
  const mismatch = (path: string, explanation: string) => finding("tenant.mismatch", path, explanation, fix);
  return [
    ...(["http", "https"] as const)
      .filter((each) => config.ingress[each] !== tenant.ingress[each])
      .map((each) =>
        mismatch(
          `ingress.${each}`,
          `${config.ingress[each]} is not the NodePort that ${owner} opened, ${tenant.ingress[each]}`,
        ),
      ),
    ...windowMisfit(config, tenant, owner).map((what) => mismatch("ports.window", what)),
    ...(config.edge.kind === "octavia" && tenant.edge !== "octavia"
      ? [
          mismatch(
            "edge.kind",
            `"octavia" has no addresses among those that ${owner} opened its NodePorts to`,
          ),
        ]
      : []),
    ...claims.namespaces
      .filter(({ name }) => !tenant.namespaces.includes(name))
      .map(({ path, name }) => mismatch(path, notGiven(name, "namespaces", owner, tenant.namespaces))),
    ...distinct(claims.hosts, ({ host }) => host)
      .toSorted((a, b) => (a.host < b.host ? -1 : 1))
      .filter(({ host }) => !tenant.hosts.includes(host))
      .map(({ path, host }) => mismatch(path, notGiven(host, "hosts", owner, tenant.hosts))),
    ...checkOwnPorts({ config, claims }, owner),
    ...checkOwnLevels(claims),
  ];
}

function notGiven(what: string, list: string, owner: string, given: readonly string[]): string {
  return `"${what}" is not among the ${list} that ${owner} gave, ${given.length === 0 ? "none" : given.join(", ")}`;
}

function windowMisfit(config: TenantEnvironmentConfig, tenant: TenantConfig, owner: string): string[] {
  const { window } = config.ports;
  const given = tenant.window;
  if (window === undefined) return [];
  if (given === undefined) return [`${window.from}–${window.to} is not open: ${owner} gave no window`];
  if (window.from >= given.from && window.to <= given.to) return [];
  return [`${window.from}–${window.to} is not inside what ${owner} opened, ${given.from}–${given.to}`];
}

/** Settings that no owner can grant to a tenant. */
function checkOwnPorts({ config, claims }: Claimed<TenantEnvironmentConfig>, owner: string): Finding[] {
  const problem = (path: string, explanation: string, fix: string) =>
    finding("tenant.mismatch", path, explanation, fix);
  return [
    ...Object.keys(config.ports.published).map((name) =>
      problem(
        `ports.published.${name}`,
        "a tenant publishes through its ingress and its window only",
        `remove it, and use a port of ports.window that Pulumi.${owner}.yaml gives`,
      ),
    ),
    ...Object.keys(config.ports.internal).map((name) =>
      problem(
        `ports.internal.${name}`,
        "internal NodePorts are the owner's",
        `move it to ports.internal in Pulumi.${owner}.yaml`,
      ),
    ),
    ...claims.ports.map(({ path, name }) =>
      problem(
        path,
        `opens the NodePort of ${name}, and a tenant publishes through its ingress and its window only`,
        `leave it out, or run the application in ${owner}`,
      ),
    ),
  ];
}

/** An owner's admission policy refuses such a namespace to tenants. */
function checkOwnLevels({ namespaces }: AllClaims): Finding[] {
  return namespaces
    .filter(({ level }) => level === "privileged")
    .map(({ path, name }) =>
      finding(
        "tenant.mismatch",
        path,
        `namespace ${name} needs the Pod Security level privileged, and a tenant's may not have it`,
        "run it in the environment that owns the cluster",
      ),
    );
}

/** Allowed address pairs are for a network's owner only: see `checkNetworks`. */
function checkNetwork(config: TenantEnvironmentConfig, { name, network }: OwnerConfig): Finding[] {
  if (network.kind !== "existing" || !network.shared || config.edge.kind !== "haproxy") return [];
  const what = `"haproxy" needs a VIP, and network.shared is true in Pulumi.${name}.yaml: Neutron lets only the network's owner move an address between ports`;
  return [finding("network.shared", "edge.kind", what, "write octavia")];
}

function checkEdge(config: TenantEnvironmentConfig): Finding[] {
  const { edge } = config;
  if (edge.kind === "octavia") return [];
  if (edge.kind === "none") {
    const what =
      '"none" leaves the tenant unreachable: the owner opens its NodePorts to the tenant\'s load balancer only';
    return [finding("port.edge", "edge.kind", what, "write haproxy or octavia")];
  }
  if (edge.on === "gateway") {
    return [finding("port.edge", "edge.on", '"gateway" belongs to the owner', "write loadBalancer")];
  }
  return checkBalancers(slotsOf(config.servers.loadBalancer ?? { min: 0, removed: [] }));
}

function checkBalancers(slots: readonly number[]): Finding[] {
  if (slots.length === 0) {
    return [
      finding(
        "server.missing",
        "servers.loadBalancer",
        "has no server, but edge.kind haproxy needs one",
        "add servers.loadBalancer with a flavor, or set edge.kind to octavia",
      ),
    ];
  }
  const wanted = Math.max(...slots) + 1;
  if (wanted <= TENANT_SERVERS) return [];
  const what = `${wanted} servers do not fit a tenant's addresses, which have room for ${TENANT_SERVERS}`;
  return [finding("range.exhausted", "servers.loadBalancer.min", what, `write ${TENANT_SERVERS} or less`)];
}
