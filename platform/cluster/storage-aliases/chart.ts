/** Classes of drivers that an administrator installs: Ceph's block volumes and file systems, and Manila's shares. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import type { PlannedClass } from "../../../environment/storage-classes";
import type { AliasPlan } from "../../../environment/plan/types";
import { assertNever } from "../../../errors/assert-never";
import { Naming, StorageClass, type StorageClassProps } from "../../../kit";

/** An alias of a driver of its own. */
export type ForeignAlias = Exclude<AliasPlan, { readonly kind: "block" | "shared" }>;

/** One class. */
export interface AliasProps extends PlannedClass {
  readonly alias: ForeignAlias;
}

export interface StorageAliasesChartProps {
  readonly environment: string;
  readonly classes: readonly AliasProps[];
}

export class StorageAliasesChart extends Chart {
  constructor(scope: Construct, id: string, { environment, classes }: StorageAliasesChartProps) {
    super(scope, id);
    const names = new Naming("storage", environment);
    for (const { name, isDefault, alias } of classes)
      new StorageClass(this, name, {
        ...names.identity(name, "alias"),
        ...driverOf(alias),
        isDefault,
        expandable: true,
        reclaimPolicy: alias.reclaimPolicy,
      });
  }
}

type Driver = Pick<StorageClassProps, "provisioner" | "parameters" | "binding">;

/** Provisioner and parameters by the names of each driver. */
function driverOf(alias: ForeignAlias): Driver {
  switch (alias.kind) {
    case "ceph-rbd":
      return {
        provisioner: "rbd.csi.ceph.com",
        parameters: {
          clusterID: alias.clusterId,
          pool: alias.pool,
          imageFeatures: "layering",
          ...secrets("csi-rbd-secret", alias.namespace),
        },
        binding: "Immediate",
      };
    case "cephfs":
      return {
        provisioner: "cephfs.csi.ceph.com",
        parameters: {
          clusterID: alias.clusterId,
          fsName: alias.fileSystem,
          ...secrets("csi-cephfs-secret", alias.namespace),
        },
        binding: "Immediate",
      };
    case "manila":
      return {
        provisioner: `${alias.protocol}.manila.csi.openstack.org`,
        parameters: {
          type: alias.shareType,
          ...(alias.shareNetwork === undefined ? {} : { shareNetworkID: alias.shareNetwork }),
          ...secrets("csi-manila-secrets", alias.namespace),
        },
        binding: "Immediate",
      };
    default:
      return assertNever(alias);
  }
}

/** The Secret of the driver's own examples, for each step that reads one. */
function secrets(name: string, namespace: string): Readonly<Record<string, string>> {
  const steps = ["provisioner", "controller-expand", "node-stage", "node-publish"] as const;
  return Object.fromEntries(
    steps.flatMap((step) => [
      [`csi.storage.k8s.io/${step}-secret-name`, name],
      [`csi.storage.k8s.io/${step}-secret-namespace`, namespace],
    ]),
  );
}

export function storageAliasesCharts(scope: App, plan: StorageAliasesChartProps): void {
  new StorageAliasesChart(scope, "storage-aliases", plan);
}
