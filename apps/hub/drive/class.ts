/** The class of drives' volumes: Cinder's, as XFS that counts what belongs to a folder. */
import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { StorageClass } from "../../../kit";
import { identityOf } from "../names";
import { DRIVE_CLASS } from "./names";
import type { DriveClassPlan } from "./plan";

export class DriveClassChart extends Chart {
  constructor(scope: Construct, id: string, props: DriveClassPlan & { readonly environment: string }) {
    super(scope, id);
    const { volumeType, zone } = props;
    new StorageClass(this, "Class", {
      ...identityOf(props, DRIVE_CLASS, "drive"),
      provisioner: "cinder.csi.openstack.org",
      parameters: {
        "csi.storage.k8s.io/fstype": "xfs",
        ...(volumeType === undefined ? {} : { type: volumeType }),
        ...(zone === undefined ? {} : { availability: zone }),
      },
      mountOptions: ["prjquota"],
      expandable: true,
      reclaimPolicy: "Retain",
      binding: "WaitForFirstConsumer",
    });
  }
}
