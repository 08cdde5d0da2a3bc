/** Applications on an existing cluster: their needs against what it offers. */
import { overlaps, parseCidr } from "../addresses";
import type { ExistingClusterConfig } from "../config";
import { finding, type Finding } from "../findings";
import { checkImages } from "../lifecycle";
import type { AllClaims, Claimed } from "../parts/claims";
import { checkClaims } from "./claims";
import { checkNeeds, existingClusterOffer } from "./cluster-offer";

export function checkOnExistingCluster(
  { config, claims }: Claimed<ExistingClusterConfig>,
  reserved: readonly string[],
): readonly Finding[] {
  return [
    ...checkClaims({ config, claims }, reserved),
    ...checkNeeds(existingClusterOffer(config), claims),
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
