/** A volume that an administrator has made, and the claim that is bound to it by name. */
import { k8s, PersistentVolumeClaim, type IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { Size } from "../../environment/plan/types";
import { assertNever } from "../../errors/assert-never";
import { metadataOf, type Identity } from "../../kit";

/** Where an administrator's volume is. */
export type StaticSource =
  | { readonly kind: "nfs"; readonly server: string; readonly path: string }
  | {
      readonly kind: "csi";
      readonly driver: string;
      readonly handle: string;
      readonly attributes: Readonly<Record<string, string>>;
    };

/** Identity of the claim, whose name stands in its namespace. */
export interface StaticVolumeProps extends Identity {
  readonly namespace: string;
  /** Of the volume, unique in the cluster: it has the namespace in it. */
  readonly volume: string;
  readonly size: Size;
  readonly source: StaticSource;
}

/**
 * Bound by name to one volume, so that neither a class nor another volume takes its place. Both may be deleted: the
 * files stay where they are.
 */
export class StaticVolume extends Construct {
  /** Refers to the claim by name, for mounts and volumes. */
  readonly claim: IPersistentVolumeClaim;

  constructor(scope: Construct, id: string, props: StaticVolumeProps) {
    super(scope, id);
    const { namespace, volume, size, source, ...identity } = props;
    const storage = { storage: k8s.Quantity.fromString(size) };
    const accessModes = ["ReadWriteMany"];
    const made = new k8s.KubePersistentVolume(this, "Volume", {
      metadata: metadataOf({ ...identity, name: volume }),
      spec: {
        accessModes,
        capacity: storage,
        storageClassName: "",
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace, name: identity.name },
        ...sourceOf(source),
      },
    });
    const bound = new k8s.KubePersistentVolumeClaim(this, "Claim", {
      metadata: metadataOf(identity, namespace),
      spec: { accessModes, storageClassName: "", volumeName: volume, resources: { requests: storage } },
    });
    bound.addDependency(made);
    this.claim = PersistentVolumeClaim.fromClaimName(this, "Reference", identity.name);
  }
}

function sourceOf(source: StaticSource): Pick<k8s.PersistentVolumeSpec, "nfs" | "csi" | "mountOptions"> {
  switch (source.kind) {
    case "nfs":
      return { nfs: { server: source.server, path: source.path }, mountOptions: ["nfsvers=4.2"] };
    case "csi":
      return {
        csi: {
          driver: source.driver,
          volumeHandle: source.handle,
          ...(Object.keys(source.attributes).length === 0
            ? {}
            : { volumeAttributes: { ...source.attributes } }),
        },
      };
    default:
      return assertNever(source);
  }
}
