/** Block volumes by Cinder. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import { Naming, StorageClass } from "../../../kit";

export interface BlockStorageChartProps {
  readonly environment: string;
  readonly block: {
    /** Name of the class. */
    readonly className: string;
    /** Cinder's volume type. @default the cloud's */
    readonly volumeType?: string | undefined;
    /** Whether a volume is deleted with its claim. @default Delete */
    readonly reclaimPolicy?: "Delete" | "Retain";
  };
}

/** Volumes for one node at a time (RWO), created in the zone of the node that first uses them. */
export class BlockStorageChart extends Chart {
  constructor(scope: Construct, id: string, { environment, block }: BlockStorageChartProps) {
    super(scope, id);
    const { className, volumeType, reclaimPolicy = "Delete" } = block;
    new StorageClass(this, "Block", {
      ...new Naming("storage", environment).identity(className, "block"),
      provisioner: "cinder.csi.openstack.org",
      ...(volumeType === undefined ? {} : { parameters: { type: volumeType } }),
      expandable: true,
      reclaimPolicy,
      binding: "WaitForFirstConsumer",
    });
  }
}

export function blockStorageCharts(scope: App, plan: BlockStorageChartProps): void {
  new BlockStorageChart(scope, "storage", plan);
}
