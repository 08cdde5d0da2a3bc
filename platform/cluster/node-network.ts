/** What pods of network plugins share with their node. */
import type { Mount, PodSpec, PodVolume, Resources, SecurityException } from "../../kit";

/** Volumes of the node, by the names under which containers mount them. */
export const NODE_VOLUMES = {
  /** Programs that containerd calls for each pod. */
  binaries: { kind: "host", path: "/opt/cni/bin", type: "DirectoryOrCreate" },
  /** Which of them it calls; the first file by name counts. */
  configuration: { kind: "host", path: "/etc/cni/net.d", type: "DirectoryOrCreate" },
  modules: { kind: "host", path: "/lib/modules", type: "DirectoryOrCreate" },
  /** Held by everybody who changes rules of iptables, kube-proxy included. */
  xtables: { kind: "host", path: "/run/xtables.lock", type: "FileOrCreate" },
} as const satisfies Readonly<Record<string, PodVolume>>;

export const BINARIES: Mount = { kind: "volume", volume: "binaries", path: "/opt/cni/bin" };
export const CONFIGURATION: Mount = { kind: "volume", volume: "configuration", path: "/etc/cni/net.d" };
export const MODULES: Mount = { kind: "volume", volume: "modules", path: "/lib/modules", readOnly: true };
export const XTABLES: Mount = { kind: "volume", volume: "xtables", path: "/run/xtables.lock" };

/**
 * On every node, whatever its taints: before the network plugin no other pod starts there, so nodes that are not ready
 * or not initialized are included.
 */
export const ON_EVERY_NODE = {
  hostNetwork: true,
  nodeSelector: { "kubernetes.io/os": "linux" },
  priorityClass: "system-node-critical",
  tolerations: [{ kind: "all" }],
} as const satisfies Partial<PodSpec>;

/** A container that writes to folders of root on the node, and ends. */
export const INSTALLER = {
  resources: { request: { cpuMillis: 10, memoryMiB: 20 }, limit: { cpuMillis: 500, memoryMiB: 100 } },
  user: "image",
  security: {
    reason: "writes the network plugin to folders of root on the node",
    allow: ["rootUser", "hostPath", "writableRootFilesystem"],
  },
} as const satisfies {
  readonly resources: Resources;
  readonly user: "image";
  readonly security: SecurityException;
};
