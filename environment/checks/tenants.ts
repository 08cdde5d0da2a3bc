import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { servedHosts, type Claimed } from "../parts/claims";
import { plannedRanges, rangeSize, TENANT_ADDRESSES } from "../plan/ranges";
import { isReserved, reservedNamespace } from "./claims";
import { duplicatePairs } from "./duplicates";

/** The owner's list of tenants: namespaces and hosts of each, without duplicates. */
export function checkTenants(
  { config, claims }: Claimed<OwnerConfig>,
  reserved: readonly string[],
): readonly Finding[] {
  const tenants = Object.entries(config.tenants).map(([name, tenant]) => ({ name, ...tenant }));
  return [
    ...duplicatePairs(tenants, (each) => String(each.slot)).map(([first, second]) =>
      finding(
        "tenant.slot",
        `tenants.${second.name}.slot`,
        `${second.slot} is already the slot of ${first.name}`,
        "choose a free slot",
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
    ...checkNamespaces({ config, claims }, reserved),
    ...checkHosts({ config, claims }),
  ];
}

/** Free addresses in the tenants' range. */
export function checkTenantCapacity(config: OwnerConfig): readonly Finding[] {
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

function checkNamespaces({ config, claims }: Claimed<OwnerConfig>, reserved: readonly string[]): Finding[] {
  const namespaces: readonly Owned[] = [
    ...claims.namespaces.map(({ name }) => ({ who: config.name, what: name })),
    ...Object.entries(config.tenants).flatMap(([who, tenant]) =>
      tenant.namespaces.map((what) => ({ who, what })),
    ),
  ];
  return [
    ...namespaces
      .filter(({ who, what }) => who !== config.name && isReserved(what, reserved))
      .map(({ who, what }) => reservedNamespace(`tenants.${who}.namespaces`, what)),
    ...tenantDuplicates(namespaces, config).map(([first, { who, what }]) =>
      finding(
        "tenant.mismatch",
        `tenants.${who}.namespaces`,
        `"${what}" already belongs to ${first.who}`,
        "choose another namespace",
      ),
    ),
  ];
}

/** Those that a tenant can fix; `checkClaims` compares the environment's own parts. */
function tenantDuplicates(
  list: readonly Owned[],
  { name }: OwnerConfig,
): ReturnType<typeof duplicatePairs<Owned>> {
  return duplicatePairs(list, (each) => each.what).filter(([, { who }]) => who !== name);
}

function checkHosts({ config, claims }: Claimed<OwnerConfig>): Finding[] {
  const hosts: readonly Owned[] = [
    ...servedHosts(claims).map((what) => ({ who: config.name, what })),
    ...Object.entries(config.tenants).flatMap(([who, tenant]) => tenant.hosts.map((what) => ({ who, what }))),
  ];
  return tenantDuplicates(hosts, config).map(([first, { who, what }]) =>
    finding(
      "tenant.mismatch",
      `tenants.${who}.hosts`,
      `"${what}" already belongs to ${first.who}`,
      "choose another host",
    ),
  );
}
