/** What is wrong with what the cluster is made of: storage, versions, policies, containers. */
import type { Row } from "./invalid-schema";

export const CLUSTER_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "the cluster": [
    [
      { "servers.gluster.volumes": {} },
      "servers.gluster.volumes: has no raw volume for bricks; add one with use: {kind: raw}",
    ],
    [
      { "servers.gluster.min": 2 },
      "servers.gluster.min: 2 servers cannot hold three replicas, and fewer replicas risk split-brain; write 3",
    ],
    [
      { "servers.gluster.min": 4 },
      "servers.gluster.min: slot 3 is in no full set of three, so its server carries no data; add or take servers so that slots 0–2, 3–5 and so on are full",
    ],
    [
      { "servers.nfs.volumes": {} },
      "servers.nfs.volumes: has no file system to export; add one with use: {kind: filesystem, mountPoint: /srv/nfs}",
    ],
    [
      { "storage.block": { className: "fast" }, "storage.shared.className": "fast" },
      'storage.shared.className: "fast" is already the name of a class, by storage.block.className; choose another name',
    ],
    [
      {
        "storage.block": { className: "fast" },
        "storage.shared": { kind: "nfs-provisioner", className: "fast" },
      },
      'storage.shared.className: "fast" is already the name of a class, by storage.block.className; choose another name',
    ],
    [
      { "cluster.version": "1.25", "storage.shared": { kind: "nfs-provisioner" } },
      'cluster.version: "1.25" is only there for Heketi\'s in-tree class; write "1.36"',
      'cluster.version: Kubernetes 1.25 ended upstream in 2023-10; set cluster.version to "1.36"',
    ],
    [
      { "storage.shared.mode": "heketi-intree" },
      "servers.gluster.volumes: has no volume for Heketi's database and the servers' places in the pool; add one with use: {kind: filesystem, mountPoint: /var/lib/heketi}",
      'storage.shared.mode: "heketi-intree" needs Kubernetes 1.25, and cluster.version is 1.36; write nfs',
      "storage.shared.mode: Heketi ended upstream in 2023-07; set storage.shared.mode to nfs",
    ],
    [
      { "storage.shared": { kind: "gluster", mode: "heketi-intree", quotas: { datalab: "10Gi" } } },
      "storage.shared.quotas: limits what a namespace stores, which heketi-intree cannot: there each claim has its size; leave it out",
      "servers.gluster.volumes: has no volume for Heketi's database and the servers' places in the pool; add one with use: {kind: filesystem, mountPoint: /var/lib/heketi}",
      'storage.shared.mode: "heketi-intree" needs Kubernetes 1.25, and cluster.version is 1.36; write nfs',
      "storage.shared.mode: Heketi ended upstream in 2023-07; set storage.shared.mode to nfs",
    ],
    [
      { "cluster.version": "1.25" },
      'cluster.version: "1.25" is only there for Heketi\'s in-tree class; write "1.36"',
      'cluster.version: Kubernetes 1.25 ended upstream in 2023-10; set cluster.version to "1.36"',
    ],
    [
      { "cluster.release": "1.35.4" },
      'cluster.release: "1.35.4" is no release of cluster.version 1.36; write 1.36.<patch>, or leave it out',
    ],
    [
      { "cluster.nodes": { imageGc: { high: 70 } } },
      "cluster.nodes.imageGc.low: 80 is not below high, which is 70; write less than high",
    ],
    [
      { "cluster.nodes": { proxyMode: "ipvs" } },
      "cluster.nodes.proxyMode: kube-proxy's mode ipvs (deprecated in Kubernetes 1.35) ended upstream in 2025-12; set cluster.nodes.proxyMode to nftables",
    ],
    [
      { "cluster.cni": { kind: "flannel" } },
      'cluster.cni.kind: "flannel" enforces no NetworkPolicy, and the DataLabs stack relies on them; write calico',
      "cluster.cni.kind: Flannel without a policy engine enforces no NetworkPolicy; set cluster.cni.kind to calico for NetworkPolicies",
    ],
    [
      { "cluster.cni": { kind: "weave" } },
      "cluster.cni.kind: Weave Net ended upstream in 2024-06; set cluster.cni.kind to calico",
    ],
    [
      {
        "cluster.version": "1.25",
        "storage.shared.mode": "heketi-intree",
        "servers.gluster.volumes.heketi": {
          size: "10Gi",
          use: { kind: "filesystem", mountPoint: "/var/lib/heketi" },
        },
      },
      "storage.shared.mode: Heketi ended upstream in 2023-07; set storage.shared.mode to nfs",
      'cluster.version: Kubernetes 1.25 ended upstream in 2023-10; set cluster.version to "1.36"',
    ],
    [
      { "containers.state.name": "lab-velero" },
      'containers.velero.name: "lab-velero" is already the name of container state; choose another name',
    ],
  ],
};
