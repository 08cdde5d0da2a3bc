/** Applications on an existing cluster: their needs against what it offers. */
import { overlaps, parseCidr } from "../addresses";
import type { ExistingClusterConfig } from "../config";
import { finding, type Finding } from "../findings";
import { checkImages } from "../lifecycle";
import type { AllClaims, Claimed } from "../parts/claims";
import { checkClaims } from "./claims";

export function checkOnExistingCluster(
  { config, claims }: Claimed<ExistingClusterConfig>,
  reserved: readonly string[],
): readonly Finding[] {
  return [
    ...checkClaims({ config, claims }, reserved),
    ...checkPolicies(config, claims),
    ...checkDevices(config, claims),
    ...checkPorts(claims),
    ...checkNetworks(config),
    ...checkImages(claims.images),
  ];
}

function checkNetworks({ cluster: { nodeCidr, serviceCidr } }: ExistingClusterConfig): readonly Finding[] {
  if (!overlaps(parseCidr(nodeCidr), parseCidr(serviceCidr))) return [];
  return [
    finding(
      "network.overlap",
      "cluster.serviceCidr",
      `"${serviceCidr}" shares addresses with cluster.nodeCidr, ${nodeCidr}`,
      "copy both from the cluster: its nodes' network, and --service-cluster-ip-range of its API server",
    ),
  ];
}

/** A policy that nothing enforces is worse than none: people rely on it. */
function checkPolicies({ cluster }: ExistingClusterConfig, { policies }: AllClaims): readonly Finding[] {
  if (cluster.enforcesPolicies) return [];
  return policies.map(({ reliance }) =>
    finding(
      "cni.policy",
      "cluster.enforcesPolicies",
      `is false, so NetworkPolicies are not enforced, and ${reliance}`,
      "ask the cluster's administrator for a network plugin that enforces them",
    ),
  );
}

function checkDevices({ cluster }: ExistingClusterConfig, { devices }: AllClaims): readonly Finding[] {
  return devices
    .filter(({ resource }) => !cluster.devices.includes(resource))
    .map(({ path, resource }) =>
      finding(
        "cluster.device",
        path,
        `requests ${resource}, which is not in cluster.devices`,
        "list it there if the cluster's nodes have it, or leave the key out",
      ),
    );
}

/** An existing cluster's load balancers are not managed, so their ports cannot be opened. */
function checkPorts({ ports }: AllClaims): readonly Finding[] {
  return ports.map(({ path, name }) =>
    finding(
      "cluster.existing",
      path,
      `opens the NodePort of ${name}, and this environment has no load balancer in front of the cluster`,
      "leave it out, or run the application in an environment with servers",
    ),
  );
}
