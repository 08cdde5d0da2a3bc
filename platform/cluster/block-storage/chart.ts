/** Block volumes by Cinder. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import type { PlannedClass } from "../../../environment/storage-classes";
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
    /** Cinder's zone of every volume. @default that of the node, or any; the driver decides */
    readonly zone?: string;
    /** Whether claims that name no class get it. @default false */
    readonly isDefault?: boolean;
  };
  /** Further classes that are the same in all but their name. @default none */
  readonly aliases?: readonly PlannedClass[];
}

/** Volumes for one node at a time (RWO), created when a pod first uses them. */
export class BlockStorageChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: BlockStorageChartProps,
  ) {
    super(scope, id);
    const { block, aliases = [] } = props;
    const { className: name, isDefault = false } = block;
    this.storageClass("Block", { name, isDefault });
    for (const alias of aliases) this.storageClass(`Alias-${alias.name}`, alias);
  }

  private storageClass(id: string, { name, isDefault }: PlannedClass): void {
    const { environment, block } = this.props;
    const { volumeType, zone, reclaimPolicy = "Delete" } = block;
    const parameters = {
      ...(volumeType === undefined ? {} : { type: volumeType }),
      ...(zone === undefined ? {} : { availability: zone }),
    };
    new StorageClass(this, id, {
      ...new Naming("storage", environment).identity(name, "block"),
      provisioner: "cinder.csi.openstack.org",
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
      expandable: true,
      reclaimPolicy,
      binding: "WaitForFirstConsumer",
      isDefault,
    });
  }
}

export function blockStorageCharts(scope: App, plan: BlockStorageChartProps): void {
  new BlockStorageChart(scope, "storage", plan);
}
