/**
 * Folders of drives in a hub's namespace: volumes of a fixed address, and the claims that have them. Volumes are
 * cluster-scoped, and come before the hub's namespace: the namespace ends people's servers when it is deleted, after
 * which nothing holds the volumes any more.
 */
import { Chart } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { deployOptions } from "../../../deploy/object-options";
import { metadataOf } from "../../../kit";
import { identityOf } from "../names";
import type { HubPlan } from "../plan";
import { hasWriters } from "../shared-directories/plan";
import { DRIVE_EXPORTS, HOMES_CLAIM } from "./names";

/** What a hub mounts of a drive. */
export interface DriveVolumePlan {
  /** Of the claim; the volume has the namespace before it. */
  readonly claim: string;
  /** Of the drive. */
  readonly address: string;
  /** That the drive exports. */
  readonly path: string;
  readonly readOnly: boolean;
}

/** Of its own drive and of other hubs', each once. */
export function driveVolumes({ homes, sharedDirectories }: HubPlan): readonly DriveVolumePlan[] {
  const own =
    homes.kind === "drive"
      ? [{ claim: HOMES_CLAIM, address: homes.address, path: DRIVE_EXPORTS.homes, readOnly: false }]
      : [];
  const shared = new Map<string, DriveVolumePlan>();
  for (const directory of sharedDirectories) {
    const { claim, source } = directory;
    if (source.kind !== "drive") continue;
    const readOnly = !hasWriters(directory) && shared.get(claim)?.readOnly !== false;
    shared.set(claim, { claim, address: source.address, path: DRIVE_EXPORTS.shared, readOnly });
  }
  return [...own, ...shared.values()];
}

/**
 * `softerr`: a process that waits for a drive ends its wait with an error, as does the unmount of a node that shuts down,
 * where `hard` waits for ever and makes both unkillable. Only after six minutes (`timeo` in tenths of a second, five
 * repetitions), which is longer than a drive takes to start on another node: until then programs wait, and lose nothing.
 * `noresvport`: the connection to a drive that moved uses a new port, so that no half-open one blocks it.
 */
export const DRIVE_MOUNT = [
  ...["nfsvers=4.2", "softerr", "timeo=600", "retrans=5"],
  ...["noatime", "noresvport", "nosuid", "nodev"],
] as const;

/** Kubernetes enforces no size of NFS, and a claim without a class could not grow with the drive. */
const NOMINAL = { storage: k8s.Quantity.fromString("1Mi") };

/** Volume and claim are bound to each other by name, so that nothing takes their place. */
function volumeName(namespace: string, claim: string): string {
  return `${namespace}-${claim}`;
}

function accessModes({ readOnly }: DriveVolumePlan): string[] {
  return [readOnly ? "ReadOnlyMany" : "ReadWriteMany"];
}

/** The volumes of one hub. They may be deleted: the files stay on the drives. */
export class DriveVolumesChart extends Chart {
  constructor(scope: Construct, id: string, plan: HubPlan) {
    super(scope, id);
    for (const volume of driveVolumes(plan)) this.volume(plan, volume);
  }

  private volume(plan: HubPlan, volume: DriveVolumePlan): void {
    const { namespace } = plan;
    const { claim, address, path, readOnly } = volume;
    new k8s.KubePersistentVolume(this, claim, {
      metadata: metadataOf(identityOf(plan, volumeName(namespace, claim), "homes")),
      spec: {
        accessModes: accessModes(volume),
        capacity: NOMINAL,
        storageClassName: "",
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace, name: claim },
        mountOptions: [...DRIVE_MOUNT],
        nfs: { server: address, path, ...(readOnly ? { readOnly } : {}) },
      },
    });
  }
}

/**
 * The claims of one hub. Its namespace deletes them, with the servers that mount them: by itself, a claim would wait for
 * them in vain.
 */
export class DriveClaims extends Construct {
  constructor(scope: Construct, id: string, plan: HubPlan) {
    super(scope, id);
    const { namespace } = plan;
    for (const volume of driveVolumes(plan)) {
      const { claim } = volume;
      const made = new k8s.KubePersistentVolumeClaim(this, claim, {
        metadata: metadataOf(identityOf(plan, claim, "homes"), namespace),
        spec: {
          accessModes: accessModes(volume),
          storageClassName: "",
          volumeName: volumeName(namespace, claim),
          resources: { requests: NOMINAL },
        },
      });
      deployOptions(made, { deletedWithNamespace: true });
    }
  }
}
