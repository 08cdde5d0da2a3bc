/** The stack's outputs: what people and other stacks read. */
import * as pulumi from "@pulumi/pulumi";
import type { ValueBindings } from "../deploy/bindings";
import type { MachineTrust } from "../trust/machine-trust";
import { keyPairValues, WIREGUARD_KEY } from "../environment/secrets";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { Infrastructure } from "../infra/register";
import type { Access } from "./access";
import { CONTRACT_VERSION, type TenantConnection } from "./contract";
import type { TenantConnections } from "./connections";

/** Outputs of a stack: for people, and for the stacks of tenants. */
export interface StackOutputs extends Record<string, unknown> {
  /** Version of the contract with tenants. */
  readonly contractVersion: number;
  /** Absent without servers. */
  readonly networkId?: pulumi.Output<string>;
  readonly subnetId?: pulumi.Output<string>;
  /** By server key: name in Nova, id and address in the network. */
  readonly servers: Readonly<Record<string, ServerOutput>>;
  /** Public addresses by `vip/<key>` or `server/<key>`. */
  readonly floatingIps: Readonly<Record<string, pulumi.Output<string>>>;
  /** Addresses in the network by VIP. */
  readonly vips: Readonly<Record<string, pulumi.Output<string>>>;
  /** Cinder ids by volume key. */
  readonly volumes: Readonly<Record<string, pulumi.Output<string>>>;
  /** URLs of the environment's services. */
  readonly urls: readonly string[];
  /** Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Secret; by tenant. */
  readonly tenantKubeconfigs: pulumi.Output<Readonly<Record<string, string>>>;
  /** Secret: how each tenant connects to its own servers; none if the program does not set up servers here. */
  readonly tenantWays: pulumi.Output<Readonly<Record<string, TenantConnection>>>;
  /** Secret; by person. */
  readonly personKubeconfigs: pulumi.Output<Readonly<Record<string, string>>>;
  /** By server key: SSH host keys in the format of `known_hosts` (`ssh-ed25519 AAAA…`). */
  readonly sshHostKeys: Readonly<Record<string, pulumi.Output<string>>>;
  /** WireGuard public key of the gateways; absent without a tunnel. */
  readonly wireGuardPublicKey?: pulumi.Output<string>;
  /** Ids and secrets by key; secret. */
  readonly applicationCredentials: pulumi.Output<Readonly<Record<string, { id: string; secret: string }>>>;
}

/** One server, as outputs name it. */
export interface ServerOutput {
  readonly name: string;
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
}

/** Sources of the outputs. */
export interface OutputSources {
  readonly access: Access;
  readonly bindings: ValueBindings;
  /** SSH host keys; absent without servers. */
  readonly machineTrust?: MachineTrust;
  readonly tenantWays: TenantConnections;
}

export function stackOutputs(
  plan: EnvironmentPlan,
  infra: Infrastructure,
  { access, bindings, machineTrust, tenantWays }: OutputSources,
): StackOutputs {
  const servers = plan.servers.flatMap((server) => {
    const known = infra.servers.get(server.key);
    return known === undefined ? [] : [[server.key, { name: server.name, ...known }] as const];
  });
  return {
    contractVersion: CONTRACT_VERSION,
    environment: plan.environment,
    ...(infra.networkId && { networkId: infra.networkId }),
    ...(infra.subnetId && { subnetId: infra.subnetId }),
    servers: Object.fromEntries(servers),
    floatingIps: Object.fromEntries(infra.floatingIps),
    vips: Object.fromEntries(infra.vips),
    volumes: Object.fromEntries(infra.volumes),
    urls: urlsOf(plan),
    kubeconfig: access.kubeconfig,
    tenantKubeconfigs: pulumi.secret(pulumi.all(access.tenantKubeconfigs)),
    tenantWays: pulumi.secret(pulumi.all(tenantWays)),
    personKubeconfigs: pulumi.secret(pulumi.all(access.personKubeconfigs)),
    sshHostKeys: Object.fromEntries(
      servers.flatMap(([key]) =>
        machineTrust === undefined ? [] : [[key, machineTrust.hostKey(key)] as const],
      ),
    ),
    ...(plan.wireguard === undefined ? {} : { wireGuardPublicKey: wireGuardPublicKey(bindings) }),
    applicationCredentials: pulumi.secret(pulumi.all(Object.fromEntries(infra.applicationCredentials))),
  };
}

/** URLs of the environment's services. */
export function urlsOf({ hosts }: EnvironmentPlan): readonly string[] {
  return hosts.map((host) => `https://${host}/`);
}

/** Bound as a secret together with its private half, but not a secret. */
function wireGuardPublicKey(bindings: ValueBindings): pulumi.Output<string> {
  return pulumi.unsecret(bindings.text(keyPairValues(WIREGUARD_KEY).public));
}
