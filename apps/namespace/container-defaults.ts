/**
 * The LimitRange of one namespace: limits for containers that set none, as the rules of the cluster refuse a container
 * without, and the largest claim.
 */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { cpuQuantity, memoryQuantity, metadataOf, type Identity } from "../../kit";
import type { ContainerLimits, DiskAmount, Quota } from "./quota";

/** The namespace, and the limits. */
export interface ContainerDefaultsProps extends Omit<Identity, "name"> {
  readonly namespace: string;
  readonly limits: ContainerLimits;
  readonly largestClaimGiB: Quota["largestClaimGiB"];
}

export class ContainerDefaults extends Construct {
  constructor(scope: Construct, id: string, props: ContainerDefaultsProps) {
    super(scope, id);
    const { namespace, limits, largestClaimGiB } = props;
    new k8s.KubeLimitRange(this, "LimitRange", {
      metadata: metadataOf({ ...props, name: "container-defaults" }, namespace),
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: quantities(limits.defaultRequest),
            default: quantities(limits.defaultLimit),
          },
          {
            type: "PersistentVolumeClaim",
            max: { storage: k8s.Quantity.fromString(gibibyteQuantity(largestClaimGiB)) },
          },
        ],
      },
    });
  }
}

/** GiB in the API server's own spelling: `2Ti`, `1500Gi`. */
export function gibibyteQuantity(gibibytes: number): string {
  return gibibytes % 1024 === 0 ? `${gibibytes / 1024}Ti` : `${gibibytes}Gi`;
}

/** By the names of Kubernetes. */
export function quantities({
  cpuMillis,
  memoryMiB,
  ephemeralMiB,
}: DiskAmount): Record<"cpu" | "memory" | "ephemeral-storage", k8s.Quantity> {
  return {
    cpu: k8s.Quantity.fromString(cpuQuantity(cpuMillis)),
    memory: k8s.Quantity.fromString(memoryQuantity(memoryMiB)),
    "ephemeral-storage": k8s.Quantity.fromString(memoryQuantity(ephemeralMiB)),
  };
}
