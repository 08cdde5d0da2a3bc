import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { slotsOf } from "../plan/slots";

/** What the cluster is made of, against itself: storage, versions, policies. */
export function checkCluster(config: OwnerConfig): readonly Finding[] {
  return [...checkGluster(config), ...checkHeketi(config), ...checkPolicies(config)];
}

function checkGluster(config: OwnerConfig): Finding[] {
  const { gluster } = config.servers;
  if (config.storage.shared.kind !== "gluster" || gluster === undefined) return [];
  const bricks = Object.values(gluster.volumes).some((volume) => volume.use.kind === "raw");
  const count = slotsOf(gluster).length;
  return [
    ...(bricks
      ? []
      : [
          finding(
            "storage.gluster",
            "servers.gluster.volumes",
            "has no raw volume for bricks",
            "add one with use: {kind: raw}",
          ),
        ]),
    ...(count >= 3
      ? []
      : [
          finding(
            "storage.gluster",
            "servers.gluster.min",
            `${String(count)} servers cannot hold three replicas; two risk split-brain`,
            "write 3",
          ),
        ]),
  ];
}

/** The in-tree glusterfs provisioner left Kubernetes in 1.26. */
function checkHeketi(config: OwnerConfig): Finding[] {
  const { shared } = config.storage;
  const intree = shared.kind === "gluster" && shared.mode === "heketi-intree";
  const legacy = config.cluster.version === "1.25";
  if (intree && !legacy)
    return [
      finding(
        "storage.heketi",
        "storage.shared.mode",
        `"heketi-intree" needs Kubernetes 1.25, and cluster.version is ${config.cluster.version}`,
        "write nfs",
      ),
    ];
  if (legacy && !intree)
    return [
      finding(
        "cluster.version",
        "cluster.version",
        '"1.25" is only there for Heketi\'s in-tree class',
        'write "1.36"',
      ),
    ];
  return [];
}

/** A policy that nothing enforces is worse than none: people rely on it. */
function checkPolicies(config: OwnerConfig): Finding[] {
  if (config.apps.datalab === undefined || config.cluster.cni.kind !== "flannel") return [];
  return [
    finding(
      "cni.policy",
      "cluster.cni.kind",
      '"flannel" enforces no NetworkPolicy, and the DataLabs stack relies on them',
      "write calico",
    ),
  ];
}
