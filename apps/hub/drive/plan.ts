/** A drive as its chart and its hub need it. */
import type { ClusterPlan, Size } from "../../../environment/plan/types";
import type { SharedDirectoriesConfig } from "../shared-directories/configuration";
import { defaultAddress } from "./address";
import type { DriveConfig } from "./configuration";
import { DRIVE_CLASS, driveNamespaceOf } from "./names";

export interface DrivePlan {
  readonly kind: "drive";
  /** The drive's own: its containers are privileged. */
  readonly namespace: string;
  /** In the network of Services: nodes cannot resolve the Service's name. */
  readonly address: string;
  readonly owner: DriveConfig["owner"];
  readonly size: Size;
  /** Of each home; undefined for none. */
  readonly quota?: Size;
  readonly storageClass: string;
  /** The class that the program makes; undefined where another one is named. */
  readonly ownClass?: DriveClassPlan;
  /** Shared directories of the hub, on the drive. */
  readonly directories: readonly DriveDirectoryPlan[];
}

export interface DriveDirectoryPlan {
  readonly name: string;
  /** Undefined for no limit. */
  readonly quota?: Size;
}

/** Cinder's volumes, made as XFS that counts what belongs to a folder. */
export interface DriveClassPlan {
  readonly volumeType?: string;
  readonly zone?: string;
}

/** What a drive's plan follows from, beside its own configuration. */
export interface DriveSources {
  readonly name: string;
  /** Of the hub. */
  readonly namespace: string;
  readonly directories: SharedDirectoriesConfig;
  readonly cluster: Pick<ClusterPlan, "blockClass" | "serviceCidr">;
  /** The class that the program can make; undefined where it does not know what volumes are. */
  readonly ownClass: DriveClassPlan | undefined;
}

export function drivePlan(drive: DriveConfig, sources: DriveSources): DrivePlan {
  const { name, namespace, cluster } = sources;
  const { owner, size, quota, storageClass } = drive;
  const ownClass = storageClass === undefined ? sources.ownClass : undefined;
  return {
    ...{ kind: "drive", owner, size, namespace: driveNamespaceOf(namespace) },
    address: drive.address ?? defaultAddress(cluster.serviceCidr, name),
    ...(quota === undefined ? {} : { quota }),
    storageClass: storageClass ?? (ownClass === undefined ? cluster.blockClass : DRIVE_CLASS),
    ...(ownClass === undefined ? {} : { ownClass }),
    directories: Object.entries(sources.directories).flatMap(([title, directory]) =>
      directory.kind === "own"
        ? [{ name: title, ...(directory.size === undefined ? {} : { quota: directory.size }) }]
        : [],
    ),
  };
}
