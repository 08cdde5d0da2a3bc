/** What is wrong with what the cluster is made of: storage, versions, policies, containers. */
import type { Row } from "./invalid-schema";

const UNENFORCED =
  "rules: have no effect: the API server of 1.25 has no admission policies, so NodePorts, images and hosts are whatever RBAC lets people write; give such rights to people who may do that, or take Kubernetes 1.30 or newer";

export const CLUSTER_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "limits of namespaces": [
    [
      { "namespaces.datlab": { pods: 60 } },
      "namespaces.datlab: is no namespace that an application of this environment creates; write one of datalab",
    ],
    [
      { apps: {}, "namespaces.datalab": {} },
      "namespaces.datalab: is no namespace that an application of this environment creates; remove it",
    ],
  ],
  "the rules of the cluster": [
    [
      { "rules.exceptions.gitlab": { allow: ["limits"], reason: "its chart sets none" } },
      "rules.exceptions.gitlab: is a namespace of no part and no tenant, to which only one rule applies anyway, that NodePorts of others stay free; leave it if you have put the label labstead.dev/rules: lab on it, else remove it or correct its name",
    ],
    [
      {
        "rules.hosts": ["lab.example.com", "test-datalabs.lab.example.org"],
        "tenants.test.hosts": ["test-datalabs.lab.example.org"],
      },
      'rules.hosts.1: "test-datalabs.lab.example.org" already belongs to test; choose another host',
    ],
  ],
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
      { "storage.aliases.nfs": { kind: "shared" }, "storage.shared": { kind: "none" } },
      "storage.aliases.nfs: is another name of the class of storage.shared, which is none; write storage.shared, or another kind",
    ],
    [
      { "storage.defaultClass": "fast" },
      'storage.defaultClass: "fast" is no class of this cluster; write one of csi-sc-cinderplugin, glusterfs-storage',
    ],
    [
      { "cluster.version": "1.25", "storage.shared": { kind: "nfs-provisioner" } },
      'cluster.version: "1.25" is only there for Heketi\'s in-tree class; write "1.36"',
      'cluster.version: Kubernetes 1.25 ended upstream in 2023-10; set cluster.version to "1.36"',
      UNENFORCED,
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
      UNENFORCED,
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
      { "cluster.version": "1.25", "cluster.nodes": { appArmor: "required" } },
      'cluster.version: "1.25" is only there for Heketi\'s in-tree class; write "1.36"',
      'cluster.nodes.appArmor: "required" is a field of pods that Kubernetes 1.25 does not have; write off',
      'cluster.version: Kubernetes 1.25 ended upstream in 2023-10; set cluster.version to "1.36"',
      UNENFORCED,
    ],
    [
      { "cluster.nodes": { proxyMode: "ipvs" } },
      "cluster.nodes.proxyMode: kube-proxy's mode ipvs (deprecated in Kubernetes 1.35) ended upstream in 2025-12; set cluster.nodes.proxyMode to nftables",
    ],
    [
      { "cluster.cni": { kind: "flannel" } },
      'cluster.cni.policy: "none" enforces no NetworkPolicy, and the DataLabs stack relies on them; write kube-router, or another cluster.cni.kind, such as calico',
      "cluster.cni.policy: Flannel without a policy engine enforces no NetworkPolicy; set cluster.cni.policy to kube-router for NetworkPolicies",
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
      UNENFORCED,
    ],
    [
      { "containers.state.name": "lab-velero" },
      'containers.velero.name: "lab-velero" is already the name of container state; choose another name',
    ],
  ],
};
