/** SSH connections of this program to servers, and of tenants' programs to theirs. */
import * as pulumi from "@pulumi/pulumi";
import type { MachineTrust } from "../trust/machine-trust";
import { JUMP, OPERATOR } from "../environment/accounts";
import type { EnvironmentPlan, ServerPlan } from "../environment/plan/types";
import type { Infrastructure } from "../infra/register";
import type { ConnectionArgs, SshEndpointArgs, ViaArgs } from "../provider/sdk";
import type { TenantConnection } from "./contract";

export interface ConnectionLink {
  readonly trust: MachineTrust;
  readonly infra: Pick<Infrastructure, "servers" | "floatingIps">;
  /** Connection from the owner's outputs: a tenant's bastion is in the owner's stack. @default this stack's own bastion */
  readonly ownerConnection?: pulumi.Output<TenantConnection>;
}

/** By tenant. */
export type TenantConnections = Readonly<Record<string, pulumi.Output<TenantConnection>>>;

/** Through the bastion if there is one; else this machine connects to the servers' network by a VPN. */
export function connection(plan: EnvironmentPlan, key: string, link: ConnectionLink): ConnectionArgs {
  if (link.ownerConnection !== undefined) return { ...inner(key, link), via: link.ownerConnection };
  const bastion = bastionOf(plan);
  if (bastion === undefined) return { ...inner(key, link), via: { kind: "direct" } };
  if (bastion.key === key) return { ...fromOutside(bastion, link), via: { kind: "direct" } };
  return { ...inner(key, link), via: { kind: "bastion", ...fromOutside(bastion, link) } };
}

/** A tenant connects through the bastion with its own key, as a jump user without a shell. */
export function tenantConnections(plan: EnvironmentPlan, link: ConnectionLink): TenantConnections {
  const bastion = bastionOf(plan);
  return Object.fromEntries(
    plan.tenants.map(({ name }) => {
      const via: ViaArgs =
        bastion === undefined
          ? { kind: "direct" }
          : {
              kind: "bastion",
              ...fromOutside(bastion, link),
              user: JUMP,
              privateKey: link.trust.tenantKey(name),
            };
      return [name, pulumi.output(via)];
    }),
  );
}

function bastionOf({ servers }: EnvironmentPlan): ServerPlan | undefined {
  return servers.find(({ role }) => role === "bastion");
}

function inner(key: string, { infra, trust }: ConnectionLink): SshEndpointArgs {
  const server = infra.servers.get(key);
  if (server === undefined) throw new Error(`${key} is not registered`);
  return { host: server.address, user: OPERATOR, privateKey: trust.privateKey, hostKey: trust.hostKey(key) };
}

function fromOutside({ key }: ServerPlan, link: ConnectionLink): SshEndpointArgs {
  const own = inner(key, link);
  return { ...own, host: link.infra.floatingIps.get(`server/${key}`) ?? own.host };
}
