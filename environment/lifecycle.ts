/** What has ended or ends upstream, with its date and the typed successor; the plan says so, the choice stays. */
import type { EnvironmentConfig, OwnerConfig } from "./config";
import { finding, type Finding } from "./findings";
import { usesHeketi } from "./shared-storage";

interface Lifecycle {
  readonly what: string;
  readonly status: "ended" | "limited";
  /** Month of the end upstream. */
  readonly since: string;
  readonly successor: string;
}

/** Dates as their projects announced them. */
export const LIFECYCLE = {
  weave: {
    what: "Weave Net",
    status: "ended",
    since: "2024-06",
    successor: "set cluster.cni.kind to calico",
  },
  flannel: {
    what: "Flannel without a policy engine",
    status: "limited",
    since: "always",
    successor: "set cluster.cni.kind to calico for NetworkPolicies",
  },
  "ingress-nginx": {
    what: "community ingress-nginx",
    status: "ended",
    since: "2026-03",
    successor:
      "it stays while no other one is rendered: let only those networks in by ingress.from that have to come",
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
  "mongodb-4.4": {
    what: "MongoDB 4.4, the last series that the DataLabs services speak to,",
    status: "ended",
    since: "2024-02",
    successor:
      "keep it reachable by these services only, and set apps.datalab.imageTags.mongodb when they can",
  },
} as const satisfies Record<string, Lifecycle>;

/** What an environment's applications stand on, whether it owns its cluster or shares one. */
export function checkAppLifecycle({ apps }: EnvironmentConfig): readonly Finding[] {
  const { datalab } = apps;
  if (datalab === undefined || datalab.imageTags.mongodb !== undefined) return [];
  return [lifecycle("apps.datalab", LIFECYCLE["mongodb-4.4"])];
}

export function checkLifecycle(config: OwnerConfig): readonly Finding[] {
  const { cluster, ingress, storage } = config;
  const heketi = usesHeketi(storage);
  return [
    ...(cluster.cni.kind === "weave" ? [lifecycle("cluster.cni.kind", LIFECYCLE.weave)] : []),
    ...(cluster.cni.kind === "flannel" ? [lifecycle("cluster.cni.kind", LIFECYCLE.flannel)] : []),
    ...(ingress.kind === "ingress-nginx" ? [lifecycle("ingress.kind", LIFECYCLE["ingress-nginx"])] : []),
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
      return finding("lifecycle.ending", path, `${entry.what} enforces no NetworkPolicy`, entry.successor);
  }
}
