import type { EnvironmentConfig, OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { servedHosts } from "../hosts";
import { plannedRanges, rangeSize, TENANT_ADDRESSES } from "../plan/ranges";
import { CSI_NFS_NAMESPACE, NFS_PROVISIONER_NAMESPACE } from "../shared-storage";
import { clashes } from "./clashes";

/** Namespaces that belong to Kubernetes and to what all environments of a cluster share. */
const RESERVED_NAMESPACES: readonly string[] = [
  CSI_NFS_NAMESPACE,
  NFS_PROVISIONER_NAMESPACE,
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "monitoring",
  "cluster-tools",
];

/** The owner's list of tenants: namespaces and hosts for each, none twice. */
export function checkTenants(config: OwnerConfig): readonly Finding[] {
  const tenants = Object.entries(config.tenants).map(([name, tenant]) => ({ name, ...tenant }));
  return [
    ...clashes(tenants, (each) => String(each.slot)).map(([first, second]) =>
      finding(
        "tenant.slot",
        `tenants.${second.name}.slot`,
        `${second.slot} is already the slot of ${first.name}`,
        "choose a slot that nobody has",
      ),
    ),
    ...(config.tenants[config.name] === undefined
      ? []
      : [
          finding(
            "tenant.owner",
            `tenants.${config.name}`,
            "is this environment itself, which owns the cluster",
            "remove it",
          ),
        ]),
    ...checkNamespaces(config),
    ...checkHosts(config),
  ];
}

/** Room in the tenants' range. */
export function checkTenantRoom(config: OwnerConfig): readonly Finding[] {
  const room = Math.floor(rangeSize(plannedRanges(config.network).tenants) / TENANT_ADDRESSES);
  return Object.entries(config.tenants)
    .filter(([, tenant]) => tenant.slot >= room)
    .map(([name, { slot }]) =>
      finding(
        "range.exhausted",
        `tenants.${name}.slot`,
        `${slot} lies beyond the ${room} tenants that the range has room for`,
        "choose a smaller slot, or widen network.ranges.tenants",
      ),
    );
}

interface Owned {
  readonly who: string;
  readonly what: string;
}

function checkNamespaces(config: OwnerConfig): Finding[] {
  const own = config.apps.datalab === undefined ? [] : [config.apps.datalab.namespace];
  const namespaces: readonly Owned[] = [
    ...own.map((what) => ({ who: config.name, what })),
    ...Object.entries(config.tenants).flatMap(([who, tenant]) =>
      tenant.namespaces.map((what) => ({ who, what })),
    ),
  ];
  return [
    ...checkReservedNamespace(config),
    ...namespaces
      .filter(({ who, what }) => who !== config.name && RESERVED_NAMESPACES.includes(what))
      .map(({ who, what }) => reserved(`tenants.${who}.namespaces`, what)),
    ...clashes(namespaces, (each) => each.what).map(([first, { who, what }]) =>
      finding(
        "tenant.mismatch",
        `tenants.${who}.namespaces`,
        `"${what}" already belongs to ${first.who}`,
        "choose another namespace",
      ),
    ),
  ];
}

/** The lab's own namespace is never one that others share. */
export function checkReservedNamespace({ apps }: EnvironmentConfig): Finding[] {
  const namespace = apps.datalab?.namespace;
  if (namespace === undefined || !RESERVED_NAMESPACES.includes(namespace)) return [];
  return [reserved("apps.datalab.namespace", namespace)];
}

function reserved(path: string, namespace: string): Finding {
  const what = `"${namespace}" is shared by the whole cluster`;
  return finding("namespace.reserved", path, what, "choose a namespace of its own");
}

function checkHosts(config: OwnerConfig): Finding[] {
  const hosts: readonly Owned[] = [
    ...servedHosts(config).map((what) => ({ who: config.name, what })),
    ...Object.entries(config.tenants).flatMap(([who, tenant]) => tenant.hosts.map((what) => ({ who, what }))),
  ];
  return clashes(hosts, (each) => each.what).map(([first, { who, what }]) =>
    finding(
      "tenant.mismatch",
      `tenants.${who}.hosts`,
      `"${what}" already belongs to ${first.who}`,
      "choose another host",
    ),
  );
}
