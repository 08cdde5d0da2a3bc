/** Environments that are written in TypeScript instead of a stack file. */
import { isTenant, type EnvironmentConfig } from "./config";
import { finding, FindingsError, type Finding } from "./findings";
import type { EnvironmentInput, ExistingInput, OwnerInput, TenantInput } from "./input";
import { configOf, type EnvironmentPair, type Parse } from "./stack-file";

/**
 * An environment that owns its network, servers and cluster, like `labstead:environment` in its stack file. Keys with a
 * default are optional; values are checked when the environment is planned.
 * @example
 * import { defineEnvironment } from "labstead";
 *
 * export const prod = defineEnvironment({
 *   domain: "lab.example.org",
 *   image: "ubuntu-24.04",
 *   cluster: { kind: "own" },
 *   network: { kind: "managed", cidr: "192.168.3.0/24" },
 *   keyPair: { kind: "existing", name: "operators" },
 *   access: {
 *     kind: "bastion",
 *     operator: { kind: "allowlist", from: ["198.51.100.0/24"] },
 *     ssh: { from: ["198.51.100.0/24"] },
 *   },
 *   servers: {
 *     bastion: { flavor: "tiny", floatingIp: true },
 *     loadBalancer: { flavor: "small", min: 2 },
 *     controlPlane: { flavor: "medium", min: 3 },
 *     workers: { general: { flavor: "large", min: 2 } },
 *   },
 * });
 */
export function defineEnvironment(environment: OwnerInput): OwnerInput {
  return environment;
}

/**
 * An environment that uses the cluster of another one, its owner, which lists it in its tenants.
 * @example
 * import { defineTenant } from "labstead";
 *
 * export const test = defineTenant({
 *   domain: "lab.example.org",
 *   cluster: { kind: "shared", owner: "prod" },
 * });
 */
export function defineTenant(environment: TenantInput): TenantInput {
  return environment;
}

/**
 * Applications on a cluster of another provider: no servers, no network.
 * @example
 * import { defineOnExistingCluster } from "labstead";
 *
 * export const guests = defineOnExistingCluster({
 *   domain: "lab.example.org",
 *   cluster: {
 *     kind: "existing",
 *     version: "1.36",
 *     nodeCidr: "10.0.0.0/24",
 *     serviceCidr: "10.96.0.0/12",
 *     storage: { block: "standard" },
 *     ingress: {
 *       className: "nginx",
 *       namespace: "ingress-nginx",
 *       podLabels: { "app.kubernetes.io/name": "ingress-nginx" },
 *     },
 *     enforcesPolicies: true,
 *   },
 * });
 */
export function defineOnExistingCluster(environment: ExistingInput): ExistingInput {
  return environment;
}

/**
 * The checked configuration of an environment that is written in TypeScript.
 * @param parse of the environments whose parts it uses
 * @param name of the environment: its stack's name
 * @param owner of the cluster, for a tenant; an owner needs none
 * @throws FindingsError with everything that is wrong
 */
export function environmentOf(
  parse: Parse,
  name: string,
  environment: EnvironmentInput,
  owner?: OwnerInput,
): EnvironmentPair {
  const config = configOf(name, parse(name, environment));
  return owner === undefined ? { config } : withOwnerInput(parse, config, owner);
}

/**
 * A tenant with its owner, which is written in TypeScript.
 * @throws FindingsError with everything that is wrong with the owner
 */
export function withOwnerInput(parse: Parse, config: EnvironmentConfig, owner: OwnerInput): EnvironmentPair {
  if (!isTenant(config)) throw new FindingsError(config.name, [needlessOwner()]);
  const { owner: ownerName } = config.cluster;
  return { config, owner: configOf(ownerName, parse(ownerName, owner)) };
}

function needlessOwner(): Finding {
  return finding(
    "config.invalid",
    "owner",
    "is given for an environment that is no tenant",
    "leave it out, or write cluster: {kind: shared, owner: …}",
  );
}
