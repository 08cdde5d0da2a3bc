import {
  isOwner,
  type EnvironmentConfig,
  type OwnerConfig,
  type TenantConfig,
  type TenantEnvironmentConfig,
} from "../config";
import { finding, type Finding } from "../findings";
import { servedHosts } from "../hosts";
import { plannedRanges, rangeSize, TENANT_ADDRESSES } from "../plan/ranges";
import { slotsOf } from "../plan/slots";
import { TENANT_SERVERS } from "../plan/tenant-environment";
import { clashes } from "./servers";

/** The owner's list of tenants: a block of addresses, namespaces and hosts for each, none twice. */
export function checkTenants(config: OwnerConfig): readonly Finding[] {
  const tenants = Object.entries(config.tenants).map(([name, tenant]) => ({ name, ...tenant }));
  const room = Math.floor(rangeSize(plannedRanges(config.network).tenants) / TENANT_ADDRESSES);
  const own =
    config.apps.datalab === undefined
      ? []
      : [{ name: config.name, namespace: config.apps.datalab.namespace }];
  const namespaces = [
    ...own,
    ...tenants.flatMap((each) => each.namespaces.map((namespace) => ({ name: each.name, namespace }))),
  ];
  const hosts = [
    ...servedHosts(config).map((host) => ({ name: config.name, host })),
    ...tenants.flatMap((each) => each.hosts.map((host) => ({ name: each.name, host }))),
  ];
  return [
    ...tenants
      .filter((each) => each.slot >= room)
      .map((each) =>
        finding(
          "range.exhausted",
          `tenants.${each.name}.slot`,
          `${String(each.slot)} is beyond the ${String(room)} tenants that the range has room for`,
          "widen network.ranges.tenants",
        ),
      ),
    ...clashes(tenants, (each) => String(each.slot)).map(([first, second]) =>
      finding(
        "tenant.slot",
        `tenants.${second.name}.slot`,
        `${String(second.slot)} is already the slot of ${first.name}`,
        "choose a slot that nobody has",
      ),
    ),
    ...clashes(namespaces, (each) => each.namespace).map(([first, second]) =>
      finding(
        "tenant.mismatch",
        `tenants.${second.name}.namespaces`,
        `"${second.namespace}" already belongs to ${first.name}`,
        "choose another namespace",
      ),
    ),
    ...clashes(hosts, (each) => each.host).map(([first, second]) =>
      finding(
        "tenant.mismatch",
        `tenants.${second.name}.hosts`,
        `"${second.host}" already belongs to ${first.name}`,
        "choose another host",
      ),
    ),
  ];
}

/** A tenant against its owner's file: listed there, and asking for no more than it was given. */
export function checkTenantOf(
  config: TenantEnvironmentConfig,
  owner: EnvironmentConfig | undefined,
): readonly Finding[] {
  const { owner: ownerName } = config.cluster;
  if (owner === undefined) {
    return [
      finding(
        "tenant.owner",
        "cluster.owner",
        `"${ownerName}" has no readable environment`,
        `add Pulumi.${ownerName}.yaml with labstead:environment, or correct the name`,
      ),
    ];
  }
  if (!isOwner(owner)) {
    return [
      finding(
        "tenant.owner",
        "cluster.owner",
        `"${ownerName}" is a tenant itself`,
        `name its owner, ${owner.cluster.owner}`,
      ),
    ];
  }
  const tenant = owner.tenants[config.name];
  if (tenant === undefined)
    return [
      finding(
        "tenant.unlisted",
        "cluster.owner",
        `${ownerName} does not list ${config.name} among its tenants`,
        unlistedFix(config, owner),
      ),
    ];
  return [...checkShare(config, tenant, ownerName), ...checkBalancers(config)];
}

/** The line to add, complete. */
function unlistedFix(config: TenantEnvironmentConfig, owner: OwnerConfig): string {
  const used = new Set(Object.values(owner.tenants).map((tenant) => tenant.slot));
  const slot =
    Array.from({ length: used.size + 1 }, (_, index) => index).find((index) => !used.has(index)) ?? used.size;
  const namespaces = config.apps.datalab === undefined ? config.name : config.apps.datalab.namespace;
  const hosts = servedHosts(config);
  const window =
    config.ports.window === undefined
      ? ""
      : `, window: {from: ${String(config.ports.window.from)}, to: ${String(config.ports.window.to)}}`;
  const line = `${config.name}: {slot: ${String(slot)}, ingress: {http: ${String(config.ingress.http)}, https: ${String(config.ingress.https)}}${window}, namespaces: [${namespaces}], hosts: [${hosts.join(", ")}]}`;
  return `add this line under tenants in Pulumi.${owner.name}.yaml: ${line}`;
}

function checkShare(config: TenantEnvironmentConfig, tenant: TenantConfig, owner: string): Finding[] {
  const fix = `correct it, or change tenants.${config.name} in Pulumi.${owner}.yaml`;
  const mismatch = (path: string, explanation: string) => finding("tenant.mismatch", path, explanation, fix);
  const namespace = config.apps.datalab?.namespace;
  const window = config.ports.window;
  const given = tenant.window;
  const windowFits =
    window === undefined || (given !== undefined && window.from >= given.from && window.to <= given.to);
  return [
    ...(["http", "https"] as const)
      .filter((each) => config.ingress[each] !== tenant.ingress[each])
      .map((each) =>
        mismatch(
          `ingress.${each}`,
          `${String(config.ingress[each])} is not the NodePort that ${owner} opened, ${String(tenant.ingress[each])}`,
        ),
      ),
    ...(windowFits
      ? []
      : [
          mismatch(
            "ports.window",
            `${String(window.from)}–${String(window.to)} is not inside what ${owner} opened${given === undefined ? "" : `, ${String(given.from)}–${String(given.to)}`}`,
          ),
        ]),
    ...(namespace === undefined || tenant.namespaces.includes(namespace)
      ? []
      : [
          mismatch(
            "apps.datalab.namespace",
            `"${namespace}" is not among the namespaces that ${owner} gave: ${tenant.namespaces.join(", ")}`,
          ),
        ]),
    ...servedHosts(config)
      .filter((host) => !tenant.hosts.includes(host))
      .map((host) =>
        mismatch(
          "apps.datalab.host",
          `"${host}" is not among the hosts that ${owner} gave: ${tenant.hosts.join(", ")}`,
        ),
      ),
    ...Object.entries(config.ports.published).map(([name]) =>
      mismatch(`ports.published.${name}`, `a tenant publishes through its ingress and its window only`),
    ),
  ];
}

function checkBalancers(config: TenantEnvironmentConfig): Finding[] {
  if (config.edge.kind !== "haproxy") return [];
  const count = slotsOf(config.servers.loadBalancer ?? { min: 0, removed: [] }).length;
  if (config.edge.on === "gateway")
    return [finding("port.edge", "edge.on", '"gateway" belongs to the owner', "write loadBalancer")];
  if (count === 0)
    return [
      finding(
        "server.missing",
        "servers.loadBalancer",
        "has no server, but edge.kind haproxy needs one",
        "add servers.loadBalancer with a flavor, or set edge.kind to octavia",
      ),
    ];
  const highest = Math.max(...slotsOf(config.servers.loadBalancer ?? { min: 0, removed: [] }));
  if (highest < TENANT_SERVERS) return [];
  return [
    finding(
      "range.exhausted",
      "servers.loadBalancer.min",
      `${String(highest + 1)} servers do not fit a tenant's addresses, which have room for ${String(TENANT_SERVERS)}`,
      `write ${String(TENANT_SERVERS)} or less`,
    ),
  ];
}
