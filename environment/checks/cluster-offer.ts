/** The needs of parts, against what their cluster offers. */
import type { ExistingClusterConfig, OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { enforcesPolicies } from "../network-plugin";
import type { AllClaims, DeviceClaim, NodeClaim, PolicyClaim } from "../parts/claims";
import type { Flow } from "../parts/flows";

type Labels = Readonly<Record<string, string>>;

/** What a cluster offers, and the finding for each need that it does not meet. */
export interface ClusterOffer {
  readonly enforcesPolicies: boolean;
  /** Resource names, such as `nvidia.com/gpu`. */
  readonly devices: readonly string[];
  /** The labels of each group of equal nodes. */
  readonly nodes: readonly Labels[];
  readonly missing: {
    readonly policies: (claim: PolicyClaim) => Finding;
    readonly device: (claim: DeviceClaim) => Finding;
    readonly nodes: (claim: NodeClaim) => Finding;
  };
}

/** @returns a finding for each need that the cluster does not meet: pods that stay Pending, policies that do nothing */
export function checkNeeds(
  { enforcesPolicies, devices, nodes, missing }: ClusterOffer,
  needs: AllClaims,
): readonly Finding[] {
  return [
    ...(enforcesPolicies ? [] : policyClaims(needs).map(missing.policies)),
    ...needs.devices.filter(({ resource }) => !devices.includes(resource)).map(missing.device),
    ...needs.nodes.filter(({ labels }) => !nodes.some((node) => hasLabels(node, labels))).map(missing.nodes),
  ];
}

/** Flows are enforced by policies too, also those of a part that names none of its own. */
function policyClaims({ policies, flows }: AllClaims): readonly PolicyClaim[] {
  const [first, ...others] = flows;
  if (policies.length > 0 || first === undefined) return policies;
  const more = others.length === 0 ? "" : ` and ${String(others.length)} more`;
  return [{ path: "cluster", reliance: `the flow ${flowText(first)}${more} would not be the only ones` }];
}

function flowText({ from, to }: Flow): string {
  const source =
    from.kind === "pods" ? `${from.of.namespace}/${from.of.name}` : "from the ingress controller";
  return `${source} to ${to.kind === "pods" ? `${to.of.namespace}/${to.of.name}` : to.kind}`;
}

/** The cluster of an environment with servers. */
export function ownClusterOffer(config: OwnerConfig): ClusterOffer {
  return {
    ...serversOffer(config),
    missing: {
      policies: ({ reliance }) =>
        finding(
          "cni.policy",
          "cluster.cni.policy",
          `"none" enforces no NetworkPolicy, and ${reliance}`,
          "write kube-router, or another cluster.cni.kind, such as calico",
        ),
      device: ({ path, resource }) =>
        finding(
          "cluster.device",
          path,
          `requests ${resource}, which no pool of servers.workers offers`,
          `give a pool gpu: {resource: ${resource}, count: 1}, or leave the key out`,
        ),
      nodes: ({ path, labels }) =>
        finding(
          "cluster.node-label",
          path,
          `runs on nodes with ${labelsText(labels)}, which no pool of servers.workers has`,
          `give a pool labels: {${labelsText(labels)}}`,
        ),
    },
  };
}

/** The cluster of a tenant's owner: the tenant cannot change it. */
export function ownersClusterOffer(owner: OwnerConfig): ClusterOffer {
  const ask = `ask for it in the environment ${owner.name}, or leave the key out`;
  return {
    ...serversOffer(owner),
    missing: {
      policies: ({ path, reliance }) =>
        finding(
          "cni.policy",
          path,
          `needs NetworkPolicies, which the cluster of ${owner.name} does not enforce (flannel), and ${reliance}`,
          "use a cluster with another network plugin",
        ),
      device: ({ path, resource }) =>
        finding("cluster.device", path, `requests ${resource}, which no worker of ${owner.name} offers`, ask),
      nodes: ({ path, labels }) =>
        finding(
          "cluster.node-label",
          path,
          `runs on nodes with ${labelsText(labels)}, which no worker of ${owner.name} has`,
          ask,
        ),
    },
  };
}

function serversOffer({ cluster, servers }: OwnerConfig): Omit<ClusterOffer, "missing"> {
  const workers = Object.values(servers.workers);
  return {
    enforcesPolicies: enforcesPolicies(cluster.cni),
    devices: workers.flatMap(({ gpu }) => gpu?.resource ?? []),
    nodes: workers.map(({ labels }) => labels),
  };
}

/** A cluster that Labstead did not create, as its configuration declares it. */
export function existingClusterOffer({ cluster }: ExistingClusterConfig): ClusterOffer {
  return {
    enforcesPolicies: cluster.enforcesPolicies,
    devices: cluster.devices,
    nodes: cluster.nodeLabels,
    missing: {
      policies: ({ reliance }) =>
        finding(
          "cni.policy",
          "cluster.enforcesPolicies",
          `is false, so NetworkPolicies are not enforced, and ${reliance}`,
          "ask the cluster's administrator for a network plugin that enforces them",
        ),
      device: ({ path, resource }) =>
        finding(
          "cluster.device",
          path,
          `requests ${resource}, which is not in cluster.devices`,
          "list it there if the cluster's nodes have it, or leave the key out",
        ),
      nodes: ({ path, labels }) =>
        finding(
          "cluster.node-label",
          path,
          `runs on nodes with ${labelsText(labels)}, which no entry of cluster.nodeLabels has`,
          "add one if the cluster has such nodes",
        ),
    },
  };
}

function hasLabels(node: Labels, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => node[key] === value);
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ");
}
