/** How volumes of one class are provisioned. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type Identity } from "./names";

/** How volumes of a class are provisioned, expanded and deleted. */
export interface StorageClassProps extends Identity {
  /** The provisioner: the name of a CSI driver or of another provisioner. */
  readonly provisioner: string;
  /** Parameters of the provisioner, by its own keys. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Mount options of the volumes. @default none */
  readonly mountOptions?: readonly string[];
  /** Whether a claim may request more later. */
  readonly expandable: boolean;
  /** Whether a volume is deleted with its claim. Changing the policy replaces the class. */
  readonly reclaimPolicy: "Delete" | "Retain";
  /**
   * When a claim gets its volume: `Immediate` at once, `WaitForFirstConsumer` when a pod first uses it, in that pod's
   * zone. Changing the mode replaces the class.
   */
  readonly binding: "Immediate" | "WaitForFirstConsumer";
  /** Whether claims that name no class get it; one class of a cluster may be. @default false */
  readonly isDefault?: boolean;
}

/** A StorageClass, which is cluster-scoped. */
export class StorageClass extends Construct {
  constructor(scope: Construct, id: string, props: StorageClassProps) {
    super(scope, id);
    const { provisioner, parameters, mountOptions, expandable, reclaimPolicy, binding } = props;
    const { isDefault = false } = props;
    new k8s.KubeStorageClass(this, "Class", {
      metadata: {
        ...metadataOf(props),
        ...(isDefault ? { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } : {}),
      },
      provisioner,
      ...(parameters === undefined ? {} : { parameters: { ...parameters } }),
      ...(mountOptions === undefined ? {} : { mountOptions: [...mountOptions] }),
      allowVolumeExpansion: expandable,
      reclaimPolicy,
      volumeBindingMode: binding,
    });
  }
}
