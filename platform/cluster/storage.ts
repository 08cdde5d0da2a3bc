/** Block volumes by Cinder. */
import { Chart } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import type { StorageConfig } from "../../environment/config";
import { Naming } from "../../kit";

export interface StorageChartProps {
  readonly environment: string;
  readonly block: StorageConfig["block"];
}

/** Volumes for one node at a time (RWO), made in the zone of the node that first uses them. */
export class StorageChart extends Chart {
  constructor(scope: Construct, id: string, { environment, block }: StorageChartProps) {
    super(scope, id);
    const name = block.className;
    new k8s.KubeStorageClass(this, "Block", {
      metadata: new Naming("storage", environment).metadata(name, "block"),
      provisioner: "cinder.csi.openstack.org",
      ...(block.volumeType === undefined ? {} : { parameters: { type: block.volumeType } }),
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    });
  }
}
