/** ClusterMade, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { VolumeChoice } from "./inputs";
import { CLUSTER_MADE } from "./token";

/** The cluster whose load balancers and volumes are looked for when it is deleted. */
export interface ClusterMadeArgs {
  /** Name that its cloud controller manager and CSI driver are given, unique in the project. */
  readonly cluster: pulumi.Input<string>;
  /** What becomes of volumes of claims, which hold data. @default "keep": they are listed, with the command that deletes them */
  readonly volumes?: pulumi.Input<VolumeChoice>;
}

/**
 * What a cluster makes in its OpenStack project by itself: load balancers of Services with their floating IPs, and
 * volumes of claims. Its deletion removes what is left of it, also when the API server is gone already. Let it depend on
 * network and servers, and everything in the cluster on it.
 * @example
 * import { ClusterMade, LabsteadProvider } from "labstead/provider";
 *
 * const made = new ClusterMade("lab", { cluster: "lab" }, { provider: new LabsteadProvider("labstead") });
 */
export class ClusterMade extends pulumi.CustomResource {
  constructor(name: string, args: ClusterMadeArgs, options: pulumi.CustomResourceOptions = {}) {
    super(CLUSTER_MADE, name, { ...args }, options);
  }
}
