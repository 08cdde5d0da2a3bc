/** How volumes of one kind are made. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type Identity } from "./names";

/** How volumes of a class are made, grown and removed. */
export interface StorageClassProps extends Identity {
  /** Who makes the volumes: the name of a CSI driver or of another provisioner. */
  readonly provisioner: string;
  /** Parameters of the provisioner, by its own keys. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Options with which nodes mount the volumes. @default none */
  readonly mountOptions?: readonly string[];
  /** Whether a claim may ask for more later. */
  readonly expandable: boolean;
  /** What becomes of a volume when its claim is deleted. Another policy makes another class. */
  readonly reclaimPolicy: "Delete" | "Retain";
  /**
   * When a claim gets its volume: `Immediate` at once, `WaitForFirstConsumer` as soon as a pod wants it, in that pod's
   * zone. Another mode makes another class.
   */
  readonly binding: "Immediate" | "WaitForFirstConsumer";
}

/** A StorageClass, which belongs to the whole cluster. */
export class StorageClass extends Construct {
  constructor(scope: Construct, id: string, props: StorageClassProps) {
    super(scope, id);
    const { provisioner, parameters, mountOptions, expandable, reclaimPolicy, binding } = props;
    new k8s.KubeStorageClass(this, "Class", {
      metadata: metadataOf(props),
      provisioner,
      ...(parameters === undefined ? {} : { parameters: { ...parameters } }),
      ...(mountOptions === undefined ? {} : { mountOptions: [...mountOptions] }),
      allowVolumeExpansion: expandable,
      reclaimPolicy,
      volumeBindingMode: binding,
    });
  }
}
