/** Block volumes by Cinder. */
import { Chart, type App } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { Naming } from "../../../kit";

export interface BlockStorageChartProps {
  readonly environment: string;
  readonly block: {
    /** Name of the class. */
    readonly className: string;
    /** Cinder's volume type. @default the cloud's */
    readonly volumeType?: string | undefined;
  };
}

/** Volumes for one node at a time (RWO), made in the zone of the node that first uses them. */
export class BlockStorageChart extends Chart {
  constructor(scope: Construct, id: string, { environment, block }: BlockStorageChartProps) {
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

export function blockStorageCharts(scope: App, plan: BlockStorageChartProps): void {
  new BlockStorageChart(scope, "storage", plan);
}
