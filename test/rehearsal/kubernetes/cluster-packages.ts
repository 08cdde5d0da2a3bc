/** The packages that ask clusters, over one store, without a cloud's process. */
import { rehearsedLabstead } from "../../../cli/rehearse/labstead-package";
import type { PackageHandler } from "../../../provider-protocol";
import { Clusters } from "../../../rehearsal/kubernetes/clusters";
import type { ClusterSurroundings } from "../../../rehearsal/kubernetes/clusters";
import { kubernetesPackage } from "../../../rehearsal/kubernetes/package";

export interface ClusterPackages {
  readonly kubernetes: PackageHandler;
  readonly labstead: PackageHandler;
  readonly clusters: Clusters;
}

/** @param directory where the clusters' file is */
export function clusterPackages(directory: string, surroundings: ClusterSurroundings): ClusterPackages {
  const clusters = new Clusters(directory, surroundings);
  return { clusters, kubernetes: kubernetesPackage(clusters), labstead: rehearsedLabstead(clusters) };
}
