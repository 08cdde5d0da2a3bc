/** Whether the configured software is what the cluster needs. */
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";

/** The last minor that containerd 1 was enough for; it is kept for old clusters. */
const WITH_CONTAINERD_1 = "1.25";

export function checkSoftware({ software, cluster }: OwnerConfig): readonly Finding[] {
  if (software.kind === "baked") return [];
  const { containerd } = software;
  if (cluster.version === WITH_CONTAINERD_1) return [];
  const major = containerd.version?.split(".")[0];
  if (major !== undefined && Number(major) < 2)
    return [
      finding(
        "software.containerd",
        "software.containerd.version",
        `${containerd.version ?? ""} is older than containerd 2, which Kubernetes ${cluster.version} is set up for`,
        "write a version of 2 or newer, or leave the key out",
      ),
    ];
  if (containerd.kind !== "distribution") return [];
  return [
    finding(
      "software.containerd-old",
      "software.containerd.kind",
      `Kubernetes ${cluster.version} is set up for containerd 2, and Debian 12 and 13 have version 1 only`,
      "check that the image's release has it (apt policy containerd), or write docker",
    ),
  ];
}
