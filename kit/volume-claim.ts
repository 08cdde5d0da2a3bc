/** A volume that outlives the pods that mount it. */
import { k8s, PersistentVolumeClaim, type IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { deployOptions } from "../deploy/object-options";
import { gibibytes, type Size } from "../environment/schema/quantities";
import { metadataOf, type Identity } from "./names";
import type { Spelling } from "./spelling";

/**
 * Which pods can mount a volume at once: `ReadWriteOnce` the pods of one node, `ReadWriteOncePod` one pod,
 * `ReadWriteMany` pods of all nodes, `ReadOnlyMany` the same, read-only. The class determines which modes are
 * available.
 */
export type AccessMode = "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany" | "ReadOnlyMany";

/** A volume that pods claim. */
export interface VolumeClaimProps extends Identity {
  readonly namespace: string;
  /** Of the volume; it can grow if the class allows that, and never shrinks. */
  readonly size: Size;
  readonly storageClass: string;
  /** @default ReadWriteOnce */
  readonly accessMode?: AccessMode;
  /** Whether the program cannot delete it; false for data that can be computed or downloaded again. @default true */
  readonly protect?: boolean;
  /** Whether it stays in the cluster, with its data, when it is removed from the program. @default false */
  readonly keep?: boolean;
  /** @default lean */
  readonly spelling?: Spelling;
}

/** A PersistentVolumeClaim, protected by default, because people's data is deleted with it. */
export class VolumeClaim extends Construct {
  readonly name: string;
  /** Refers to the claim by name, for mounts and volumes. */
  readonly claim: IPersistentVolumeClaim;

  constructor(scope: Construct, id: string, props: VolumeClaimProps) {
    super(scope, id);
    const { namespace, size, storageClass, accessMode = "ReadWriteOnce" } = props;
    const { protect = true, keep = false, spelling = "lean", ...identity } = props;
    this.name = identity.name;
    const made = new k8s.KubePersistentVolumeClaim(this, "Claim", {
      metadata: metadataOf(identity, namespace),
      spec: {
        accessModes: [accessMode],
        storageClassName: storageClass,
        resources: { requests: { storage: k8s.Quantity.fromString(sizeText(size, spelling)) } },
        ...(spelling === "full" ? { volumeMode: "Filesystem" } : {}),
      },
    });
    if (protect) deployOptions(made, { protect });
    if (keep) deployOptions(made, { retainOnDelete: true });
    this.claim = PersistentVolumeClaim.fromClaimName(this, "Reference", this.name);
  }
}

/** The library counts GiB, as Cinder does. */
function sizeText(size: Size, spelling: Spelling): string {
  return spelling === "full" ? `${gibibytes(size)}Gi` : size;
}
