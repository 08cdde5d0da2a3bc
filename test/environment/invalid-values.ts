/** Values of the right form that a server or OpenStack would refuse: the schema says so first. */
import type { Row } from "./invalid-schema";
import { ed25519Line, ecdsaLine, rsaLine, sshBody } from "./ssh-lines";

const PASTE = "paste the line of your .pub file, such as ssh-ed25519 AAAA… name";
const ZONE =
  "is Nova's name for hosts without a zone, and pins a server to none; leave it out, so that Nova chooses, or name a real zone of `openstack availability zone list`";
const CPU = "is not an amount of CPU; write whole cores, or thousandths with m, such as 2 or 200m";
const BYTES = "is not an amount of memory or disk; write a whole number and its unit, such as 512Mi or 1Gi";
const PRIVATE = "choose a private network, such as 192.168.3.0/24";
const HOST = "so no host of a network has it; write a host's address, such as 192.168.3.10";
const CLIENTS = "so no client comes from there; write a network of your clients, such as 198.51.100.0/24";
const LABEL = "is a label that Kubernetes or the program sets itself; choose another key";
const TAINT = "is a taint that Kubernetes sets and removes itself; choose another key";
const KEY = "is not a key of a Kubernetes label or taint; write it as name or example.org/name";

export const VALUE_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "availability zones": [
    [{ availabilityZones: ["nova"] }, `availabilityZones.0: "nova" ${ZONE}`],
    [
      { "servers.workers.general.availabilityZones": ["AZ1", "nova"] },
      `servers.workers.general.availabilityZones.1: "nova" ${ZONE}`,
    ],
    [
      { "servers.workers.general.overrides": { "0": { availabilityZone: "nova" } } },
      `servers.workers.general.overrides.0.availabilityZone: "nova" ${ZONE}`,
    ],
    [
      { "servers.desktops.availabilityZones": ["nova"] },
      `servers.desktops.availabilityZones.0: "nova" ${ZONE}`,
    ],
    [
      { "servers.applicationServers.logs.availabilityZones": ["nova"] },
      `servers.applicationServers.logs.availabilityZones.0: "nova" ${ZONE}`,
    ],
  ],
  amounts: [
    [
      { "cluster.nodes.systemReserved": { cpu: "100Mi", memory: "512m", disk: "1" } },
      `cluster.nodes.systemReserved.cpu: "100Mi" ${CPU}`,
      `cluster.nodes.systemReserved.memory: "512m" ${BYTES}`,
      `cluster.nodes.systemReserved.disk: "1" ${BYTES}`,
    ],
    [
      { "cluster.nodes.kubeReserved": { cpu: "0.2", memory: "0Mi", disk: "1Ti" } },
      `cluster.nodes.kubeReserved.cpu: "0.2" ${CPU}`,
      `cluster.nodes.kubeReserved.memory: "0Mi" ${BYTES}`,
      `cluster.nodes.kubeReserved.disk: "1Ti" ${BYTES}`,
    ],
    [{ "cluster.nodes.eviction.memory": "200M" }, `cluster.nodes.eviction.memory: "200M" ${BYTES}`],
  ],
  "special addresses": [
    [
      { "network.cidr": "127.0.0.0/24" },
      `network.cidr: "127.0.0.0/24" shares addresses with 127.0.0.0/8 (loopback); ${PRIVATE}`,
    ],
    [
      { "cluster.podCidr": "169.254.0.0/16" },
      `cluster.podCidr: "169.254.0.0/16" shares addresses with 169.254.0.0/16 (link-local, with the cloud's metadata service); ${PRIVATE}`,
    ],
    [
      { "cluster.serviceCidr": "224.0.0.0/12" },
      `cluster.serviceCidr: "224.0.0.0/12" shares addresses with 224.0.0.0/4 (multicast); ${PRIVATE}`,
    ],
    [
      { "access.wireguard.cidr": "250.1.2.3/24" },
      `access.wireguard.cidr: "250.1.2.3/24" shares addresses with 240.0.0.0/4 (reserved); ${PRIVATE}`,
    ],
    [
      { "network.cidr": "0.0.0.0/0" },
      `network.cidr: "0.0.0.0/0" shares addresses with 0.0.0.0/8 (no address of a host); ${PRIVATE}`,
    ],
    [
      { "network.dnsNameservers": ["127.0.0.53"] },
      `network.dnsNameservers.0: "127.0.0.53" is in 127.0.0.0/8 (loopback), ${HOST}`,
    ],
    [
      { "network.ranges.vip": { start: "0.0.0.4", end: "255.255.255.255" } },
      `network.ranges.vip.start: "0.0.0.4" is in 0.0.0.0/8 (no address of a host), ${HOST}`,
      `network.ranges.vip.end: "255.255.255.255" is in 240.0.0.0/4 (reserved), ${HOST}`,
    ],
    [
      { "access.ssh.from": ["127.0.0.1/32", "198.51.100.0/24"] },
      `access.ssh.from.0: "127.0.0.1/32" is in 127.0.0.0/8 (loopback), ${CLIENTS}`,
    ],
    [
      { "ports.published.git.from": ["224.0.0.0/8"] },
      `ports.published.git.from.0: "224.0.0.0/8" is in 224.0.0.0/4 (multicast), ${CLIENTS}`,
    ],
  ],
  "SSH keys": [
    [
      { "keyPair.kind": "managed", "keyPair.name": undefined, "keyPair.publicKey": "ssh-ed25519 AAA name" },
      `keyPair.publicKey: "ssh-ed25519 AAA name" is cut off or changed: its body is no key; ${PASTE}`,
    ],
    [
      { "people.alan.ssh.key": `ssh-rsa ${sshBody("ssh-ed25519", Buffer.alloc(32, 1))}` },
      `people.alan.ssh.key: "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEB… has a body of another type than ssh-rsa; ${PASTE}`,
    ],
    [
      { "people.alan.ssh.key": `ssh-ed25519 ${sshBody("ssh-ed25519", Buffer.alloc(31, 1))}` },
      `people.alan.ssh.key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAHwEBAQEBAQEBAQEBAQEB… is cut off or changed: its body is no ssh-ed25519 key; ${PASTE}`,
    ],
    [
      { "servers.desktops.users.ada.sshKey": rsaLine(768) },
      `servers.desktops.users.ada.sshKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAYQCAAQEBAQEBAQEBAQEB… is an RSA key of 768 bits, and sshd takes none below 1024; ${PASTE}`,
    ],
    [
      { "people.alan.ssh.key": ecdsaLine("nistp384", "nistp256") },
      `people.alan.ssh.key: "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI… is cut off or changed: its body is no ecdsa-sha2-nistp256 key; ${PASTE}`,
    ],
    [
      { "people.alan.ssh.key": ed25519Line("alan").slice(0, -10) },
      `people.alan.ssh.key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEB… is cut off or changed: its body is no key; ${PASTE}`,
    ],
  ],
  "labels, taints and devices of nodes": [
    [
      { "servers.workers.general.labels": { "a..b/c": "x", "-a/c": "x", [`${"a".repeat(254)}/c`]: "x" } },
      `servers.workers.general.labels.a..b/c: "a..b/c" ${KEY}`,
      `servers.workers.general.labels.-a/c: "-a/c" ${KEY}`,
      `servers.workers.general.labels.${"a".repeat(254)}/c: "${"a".repeat(56)}… ${KEY}`,
    ],
    [
      { "servers.workers.general.labels": { "kubernetes.io/hostname": "x" } },
      `servers.workers.general.labels.kubernetes.io/hostname: "kubernetes.io/hostname" ${LABEL}`,
    ],
    [
      { "servers.workers.general.labels": { "node-restriction.kubernetes.io/pool": "x" } },
      `servers.workers.general.labels.node-restriction.kubernetes.io/pool: "node-restriction.kubernetes.io/pool" ${LABEL}`,
    ],
    [
      { "servers.workers.general.taints": [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" }] },
      `servers.workers.general.taints.0.key: "node.kubernetes.io/not-ready" ${TAINT}`,
    ],
    [
      {
        "servers.workers.general.taints": [
          { key: "gpu", value: "a", effect: "NoSchedule" },
          { key: "gpu", effect: "NoExecute" },
          { key: "gpu", value: "b", effect: "NoSchedule" },
        ],
      },
      "servers.workers.general.taints.2: gpu with effect NoSchedule is already taint 0; remove one of them",
    ],
    [
      { "servers.workers.general.gpu": { resource: "gpu" } },
      'servers.workers.general.gpu.resource: "gpu" is not the name of a device; write it with its domain, such as nvidia.com/gpu',
    ],
    [
      { "servers.workers.general.gpu": { resource: "node.kubernetes.io/gpu" } },
      'servers.workers.general.gpu.resource: "node.kubernetes.io/gpu" is in a domain that Kubernetes keeps for itself; write the device plugin\'s, such as nvidia.com/gpu',
    ],
  ],
  "block storage": [
    [
      { "storage.block.reclaimPolicy": "Keep" },
      'storage.block.reclaimPolicy: "Keep" is not allowed; write one of Delete, Retain',
    ],
  ],
};
