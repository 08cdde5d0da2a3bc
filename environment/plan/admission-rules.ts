/** Rules of the cluster for each of its environments: what the API server lets into their namespaces. */
import type { OwnerConfig, TenantConfig } from "../config";
import { INGRESS_NAMESPACE } from "../ingress-controller";
import { imageRepository } from "../parts/images";
import type { AllClaims, Claimed } from "../parts/claims";
import { hasAdmissionPolicies } from "../tenancy";
import type { EnvironmentRulesPlan, ImageSourcesPlan, NodePortSpan, RulesPlan } from "./types-rules";

/** @param repositories of all images that parts of the catalog run, or that their users start */
export function rulesPlan(
  { config, claims }: Claimed<OwnerConfig>,
  repositories: readonly string[],
): RulesPlan | undefined {
  if (!hasAdmissionPolicies(config.cluster.version)) return undefined;
  const { rules, tenants, ingress } = config;
  const entries = [ingress, ...Object.values(tenants).map((tenant) => tenant.ingress)];
  return {
    environments: [
      ownersRules({ config, claims }, repositories),
      ...Object.entries(tenants).map(([name, tenant]) => tenantsRules(name, tenant, config, repositories)),
    ],
    entries: {
      namespace: INGRESS_NAMESPACE,
      nodePorts: entries.flatMap(({ http, https }) => [http, https]),
    },
    exceptions: Object.entries(rules.exceptions).map(([namespace, exception]) => ({
      namespace,
      ...exception,
    })),
  };
}

function ownersRules(
  { config, claims }: Claimed<OwnerConfig>,
  repositories: readonly string[],
): EnvironmentRulesPlan {
  const { rules, tenants, domain } = config;
  const claimed = claims.images.map(({ image }) => imageRepository(image));
  return {
    environment: config.name,
    namespaces: { kind: "labelled" },
    nodePorts: ownersNodePorts({ config, claims }),
    loadBalancers: rules.loadBalancers,
    images: imageSources(config, [...repositories, ...claimed]),
    hosts: {
      names: sorted([...claims.hosts.map(({ host }) => host), ...rules.hosts]),
      domain: { name: domain, except: sorted(Object.values(tenants).flatMap(({ hosts }) => hosts)) },
    },
  };
}

function tenantsRules(
  name: string,
  { window, namespaces, hosts, images }: TenantConfig,
  owner: OwnerConfig,
  repositories: readonly string[],
): EnvironmentRulesPlan {
  return {
    environment: name,
    namespaces: { kind: "named", names: namespaces },
    nodePorts: window === undefined ? [] : [{ from: window.from, to: window.to }],
    loadBalancers: "refused",
    images: imageSources(owner, [...repositories, ...images]),
    hosts: { names: sorted(hosts) },
  };
}

/** The window, and single ports that are declared anywhere in the environment. */
function ownersNodePorts({ config, claims }: Claimed<OwnerConfig>): readonly NodePortSpan[] {
  const { window, published, internal } = config.ports;
  const single = new Set([
    ...Object.values(published).map(({ nodePort }) => nodePort),
    ...Object.values(internal),
    ...claimedNodePorts(claims),
  ]);
  const outside = [...single].filter(
    (port) => window === undefined || port < window.from || port > window.to,
  );
  return [
    ...(window === undefined ? [] : [{ from: window.from, to: window.to }]),
    ...outside.sort((a, b) => a - b).map((port) => ({ from: port, to: port })),
  ];
}

function claimedNodePorts({ ports }: AllClaims): readonly number[] {
  return ports.map(({ nodePort }) => nodePort);
}

function imageSources({ rules }: OwnerConfig, own: readonly string[]): ImageSourcesPlan {
  if (rules.images.kind === "any") return { kind: "any" };
  return { kind: "listed", sources: sorted([...own, ...rules.images.from]) };
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
