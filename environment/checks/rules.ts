/** The rules of the cluster: whether its API server knows them, and whether their exceptions and hosts mean something. */
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import type { Claimed } from "../parts/claims";
import { hasAdmissionPolicies } from "../tenancy";

export function checkRules({ config, claims }: Claimed<OwnerConfig>): readonly Finding[] {
  return [...checkVersion(config), ...checkExceptions({ config, claims }), ...checkHosts(config)];
}

function checkVersion({ cluster: { version } }: OwnerConfig): readonly Finding[] {
  if (hasAdmissionPolicies(version)) return [];
  return [
    finding(
      "rules.unenforced",
      "rules",
      `have no effect: the API server of ${version} has no admission policies, so NodePorts, images and hosts are whatever RBAC lets people write`,
      "give such rights to people who may do that, or take Kubernetes 1.30 or newer",
    ),
  ];
}

function checkExceptions({ config, claims }: Claimed<OwnerConfig>): readonly Finding[] {
  const bound = [
    ...claims.namespaces.map(({ name }) => name),
    ...Object.values(config.tenants).flatMap(({ namespaces }) => namespaces),
  ];
  return Object.keys(config.rules.exceptions)
    .filter((namespace) => !bound.includes(namespace))
    .map((namespace) =>
      finding(
        "rules.exception",
        `rules.exceptions.${namespace}`,
        "is a namespace of no part and no tenant, to which only one rule applies anyway, that NodePorts of others stay free",
        `leave it if you have put the label labstead.dev/rules: ${config.name} on it, else remove it or correct its name`,
      ),
    );
}

function checkHosts({ rules, tenants }: OwnerConfig): readonly Finding[] {
  return rules.hosts.flatMap((host, index) =>
    Object.entries(tenants)
      .filter(([, tenant]) => tenant.hosts.includes(host))
      .map(([name]) =>
        finding(
          "tenant.mismatch",
          `rules.hosts.${String(index)}`,
          `"${host}" already belongs to ${name}`,
          "choose another host",
        ),
      ),
  );
}
