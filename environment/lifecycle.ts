/**
 * Choices that are or will be unmaintained upstream, with the date and the typed successor; the plan reports them, the
 * choice stays.
 */
import type { OwnerConfig } from "./config";
import { finding, type Finding } from "./findings";
import type { ClaimedImage, Lifecycle } from "./parts/images";
import { enforcesPolicies } from "./network-plugin";
import { usesHeketi } from "./shared-storage";

/** Dates as their projects announced them. */
export const LIFECYCLE = {
  flannel: {
    what: "Flannel without a policy engine",
    status: "limited",
    limit: "enforces no NetworkPolicy",
    successor: "set cluster.cni.policy to kube-router for NetworkPolicies",
  },
  heketi: { what: "Heketi", status: "ended", since: "2023-07", successor: "set storage.shared.mode to nfs" },
  "kubernetes-1.25": {
    what: "Kubernetes 1.25",
    status: "ended",
    since: "2023-10",
    successor: 'set cluster.version to "1.36"',
  },
  "kube-proxy-ipvs": {
    what: "kube-proxy's mode ipvs (deprecated in Kubernetes 1.35)",
    status: "ended",
    since: "2025-12",
    successor: "set cluster.nodes.proxyMode to nftables",
  },
} as const satisfies Record<string, Lifecycle>;

/** Images of parts, whether the environment owns its cluster or shares one. */
export function checkImages(images: readonly ClaimedImage[]): readonly Finding[] {
  return images.flatMap(({ path, lifecycle: known }) =>
    known === undefined ? [] : [lifecycle(path, known)],
  );
}

export function checkLifecycle(config: OwnerConfig): readonly Finding[] {
  const { cluster, storage } = config;
  const heketi = usesHeketi(storage.shared);
  return [
    ...(enforcesPolicies(cluster.cni) ? [] : [lifecycle("cluster.cni.policy", LIFECYCLE.flannel)]),
    ...(heketi ? [lifecycle("storage.shared.mode", LIFECYCLE.heketi)] : []),
    ...(cluster.nodes.proxyMode === "ipvs" && cluster.version !== "1.25"
      ? [lifecycle("cluster.nodes.proxyMode", LIFECYCLE["kube-proxy-ipvs"])]
      : []),
    ...(cluster.version === "1.25" ? [lifecycle("cluster.version", LIFECYCLE["kubernetes-1.25"])] : []),
  ];
}

function lifecycle(path: string, entry: Lifecycle): Finding {
  switch (entry.status) {
    case "ended":
      return finding(
        "lifecycle.ended",
        path,
        `${entry.what} ended upstream in ${entry.since}`,
        entry.successor,
      );
    case "limited":
      return finding("lifecycle.ending", path, `${entry.what} ${entry.limit}`, entry.successor);
  }
}
