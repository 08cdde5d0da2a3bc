/** How this stack reaches the Kubernetes API, and how its tenants will. */
import * as pulumi from "@pulumi/pulumi";
import { ADMINISTRATOR, ClusterTrust, tenantIdentity } from "../deploy/trust";
import { isOwner, type OwnerConfig } from "../environment/config";
import { isNodeRole } from "../environment/plan/rolling";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { Infrastructure } from "../infra/register";
import type { OwnerState } from "./owner";

/** Port of the SOCKS proxy that a tunnel through the bastion opens on the operator's machine (`ssh -D`). */
export const TUNNEL_PORT = 1080;

export interface Access {
  readonly kubeconfig: pulumi.Output<string>;
  readonly tenantKubeconfigs: Readonly<Record<string, pulumi.Output<string>>>;
  /** `https://…`, as the kubeconfig names it. */
  readonly apiUrl?: pulumi.Output<string>;
}

/** An owner's cluster and what its nodes are to trust, before there is a server; a tenant takes its owner's. */
export function clusterTrust(plan: EnvironmentPlan): ClusterTrust | undefined {
  return isOwner(plan.config) ? new ClusterTrust(plan.cluster.name) : undefined;
}

/** What the authorities bind of what machines are told, by `referenceKey`. */
export function trustValues(
  plan: EnvironmentPlan,
  trust: ClusterTrust | undefined,
): ReadonlyMap<string, pulumi.Output<unknown>> {
  return trust?.values(plan.servers.filter(({ role }) => isNodeRole(role))) ?? new Map();
}

/**
 * A kubeconfig given by configuration (`labstead:kubeconfig`) comes first: for a cluster that exists already, or one
 * with an authority of its own. Else an owner signs its own, and a tenant takes what its owner made for it.
 */
export function clusterAccess(
  plan: EnvironmentPlan,
  infra: Infrastructure,
  owner: OwnerState | undefined,
  trust: ClusterTrust | undefined,
  config: pulumi.Config,
): Access {
  const given = config.getSecret("kubeconfig");
  if (given !== undefined) return { kubeconfig: given, tenantKubeconfigs: {} };
  if (isOwner(plan.config) && trust !== undefined) return ownAccess(plan, plan.config, infra, trust);
  if (owner === undefined) throw new Error("a tenant's stack needs its owner's state");
  return { kubeconfig: owner.kubeconfig, tenantKubeconfigs: {} };
}

function ownAccess(
  plan: EnvironmentPlan,
  config: OwnerConfig,
  infra: Infrastructure,
  trust: ClusterTrust,
): Access {
  const { api, name } = plan.cluster;
  const apiUrl = pulumi.interpolate`https://${apiHost(plan, config, infra)}:${String(api.port)}`;
  const access = { cluster: name, server: apiUrl, serverName: api.serverName, ...proxyOf(config) };
  const tenants = plan.tenants.map((tenant) => [
    tenant.name,
    trust.kubeconfig(`tenant-${tenant.name}`, tenantIdentity(tenant.name), access),
  ]);
  return {
    kubeconfig: trust.kubeconfig("administrator", ADMINISTRATOR, access),
    tenantKubeconfigs: Object.fromEntries(tenants) as Access["tenantKubeconfigs"],
    apiUrl,
  };
}

/** The API's public address for an allow-list; its inner one through a tunnel or a VPN. */
function apiHost(plan: EnvironmentPlan, config: OwnerConfig, infra: Infrastructure): pulumi.Input<string> {
  const { api } = plan.cluster;
  switch (config.access.operator.kind) {
    case "allowlist": {
      const floating = infra.floatingIps.get(api.floatingIp ?? "");
      if (floating === undefined)
        throw new Error("the checks let an allow-list without a public address pass");
      return floating;
    }
    case "tunnel":
    case "wireguard":
      return api.address.kind === "planned" ? api.address.ip : assignedHost(plan, infra);
  }
}

/** On a network whose addresses Neutron chooses: that of the VIP, or of the only control plane. */
function assignedHost(plan: EnvironmentPlan, infra: Infrastructure): pulumi.Input<string> {
  const vip = infra.vips.get("api");
  if (vip !== undefined) return vip;
  const server = plan.servers.find((each) => each.role === "controlPlane");
  const address = infra.servers.get(server?.key ?? "")?.address;
  if (address === undefined) throw new Error("the checks let a cluster without a control plane pass");
  return address;
}

function proxyOf(config: OwnerConfig): { proxyUrl?: string } {
  return config.access.operator.kind === "tunnel"
    ? { proxyUrl: `socks5://localhost:${String(TUNNEL_PORT)}` }
    : {};
}
