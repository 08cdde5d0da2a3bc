/** How this stack, and its tenants, connect to the Kubernetes API. */
import * as pulumi from "@pulumi/pulumi";
import { ADMINISTRATOR, ClusterTrust, tenantIdentity, type ClusterAccess } from "../trust/cluster-trust";
import { assertNever } from "../errors/assert-never";
import { TUNNEL_PORT } from "../environment/accounts";
import { apiOf } from "../environment/plan/api";
import { hasRights } from "../environment/plan/people";
import { isNodeRole } from "../environment/plan/rolling";
import type { EnvironmentPlan, PersonPlan } from "../environment/plan/types";
import type { Infrastructure } from "../infra/register";
import type { OwnerState } from "./owner";
import { under, type Placed } from "./parent";

export interface Access {
  readonly kubeconfig: pulumi.Output<string>;
  readonly tenantKubeconfigs: Readonly<Record<string, pulumi.Output<string>>>;
  /** By person; only of people with rights in the cluster. */
  readonly personKubeconfigs: Readonly<Record<string, pulumi.Output<string>>>;
  /** `https://…`, as the kubeconfig names it. */
  readonly apiUrl?: pulumi.Output<string>;
}

/** Signing needs the cluster's certificate authority. */
const NONE_SIGNED = { tenantKubeconfigs: {}, personKubeconfigs: {} } as const;

/** An owner's cluster and the authorities that its nodes trust, before any server exists; a tenant uses its owner's. */
export function clusterTrust(plan: EnvironmentPlan, placed: Placed = {}): ClusterTrust | undefined {
  return plan.cluster.kind === "own" ? new ClusterTrust(plan.cluster.name, under(placed)) : undefined;
}

/** Values of the authorities that machine files use, by `referenceKey`. */
export function trustValues(
  plan: EnvironmentPlan,
  trust: ClusterTrust | undefined,
): ReadonlyMap<string, pulumi.Output<unknown>> {
  return trust?.values(plan.servers.filter(({ role }) => isNodeRole(role))) ?? new Map();
}

/**
 * A kubeconfig given by configuration (`labstead:kubeconfig`) comes first: for an existing cluster, or one with its own
 * authority. Else an owner signs its own, and a tenant uses the one that its owner created for it.
 */
export function clusterAccess(
  plan: EnvironmentPlan,
  infra: Infrastructure,
  owner: OwnerState | undefined,
  trust: ClusterTrust | undefined,
  config: pulumi.Config,
): Access {
  const given = config.getSecret("kubeconfig");
  if (given !== undefined) return { ...NONE_SIGNED, kubeconfig: given };
  if (trust !== undefined) return ownAccess(plan, infra, trust);
  if (owner?.access === undefined) throw new Error("a tenant's stack needs its owner's state");
  return { ...NONE_SIGNED, kubeconfig: owner.access.kubeconfig };
}

function ownAccess(plan: EnvironmentPlan, infra: Infrastructure, trust: ClusterTrust): Access {
  const { name } = plan.cluster;
  const api = apiOf(plan.cluster);
  const apiUrl = pulumi.interpolate`https://${apiHost(plan, infra)}:${String(api.port)}`;
  const reached = { cluster: name, serverName: api.serverName };
  const access = { ...reached, server: apiUrl, ...proxyOf(plan) };
  const inTunnel = {
    ...reached,
    server: pulumi.interpolate`https://${innerHost(plan, infra)}:${String(api.port)}`,
  };
  const peers = new Set(plan.wireguard?.peers.map(({ name: peer }) => peer));
  const people = plan.people.filter(hasRights).map((person) => {
    return [person.name, personKubeconfig(person, plan, trust, peers.has(person.name) ? inTunnel : access)];
  });
  const tenants = plan.tenants.map((tenant) => [
    tenant.name,
    trust.kubeconfig(`tenant-${tenant.name}`, tenantIdentity(tenant.name), access),
  ]);
  return {
    kubeconfig: trust.kubeconfig("administrator", ADMINISTRATOR, access),
    tenantKubeconfigs: Object.fromEntries(tenants) as Access["tenantKubeconfigs"],
    personKubeconfigs: Object.fromEntries(people) as Access["personKubeconfigs"],
    apiUrl,
  };
}

/** The API's public address for an allow-list; its inner one through a tunnel or a VPN. */
function apiHost(plan: EnvironmentPlan, infra: Infrastructure): pulumi.Input<string> {
  const api = apiOf(plan.cluster);
  switch (plan.access?.operator.kind) {
    case "allowlist": {
      const floating = infra.floatingIps.get(api.floatingIp ?? "");
      if (floating === undefined)
        throw new Error("internal error: an allow-list without a public address passed the checks");
      return floating;
    }
    case "tunnel":
    case "wireguard":
    case undefined:
      return innerHost(plan, infra);
  }
}

/** In the servers' network. If Neutron chooses addresses: that of the VIP, or of the only control plane. */
function innerHost(plan: EnvironmentPlan, infra: Infrastructure): pulumi.Input<string> {
  const { address: planned } = apiOf(plan.cluster);
  if (planned.kind === "planned") return planned.ip;
  const vip = infra.vips.get("api");
  if (vip !== undefined) return vip;
  const server = plan.servers.find((each) => each.role === "controlPlane");
  const address = infra.servers.get(server?.key ?? "")?.address;
  if (address === undefined)
    throw new Error("internal error: a cluster without a control plane passed the checks");
  return address;
}

function personKubeconfig(
  { name, kubernetes: { identity } }: PersonPlan,
  { nodeSettings }: EnvironmentPlan,
  trust: ClusterTrust,
  access: ClusterAccess,
): pulumi.Output<string> {
  switch (identity.kind) {
    case "certificate":
      return trust.personKubeconfig(name, access);
    case "oidc":
      if (nodeSettings?.oidc === undefined)
        throw new Error("internal error: the plan has a person of an identity provider without the provider");
      return trust.oidcKubeconfig(identity.principal, nodeSettings.oidc, access);
    default:
      return assertNever(identity.kind);
  }
}

function proxyOf({ access }: EnvironmentPlan): { proxyUrl?: string } {
  return access?.operator.kind === "tunnel" ? { proxyUrl: `socks5://localhost:${String(TUNNEL_PORT)}` } : {};
}
