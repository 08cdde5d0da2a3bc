/** What the schema refuses: wrong types and values, missing keys, and keys that nobody knows. */
import type { Changes } from "./configs";

/** Changes to the valid base, and the complete messages that they lead to, in order. */
export type Row = readonly [changes: Changes, ...messages: readonly string[]];

export const SCHEMA_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "limits of namespaces": [
    [
      { "namespaces.datalab": { pods: 0, limits: { cpu: 8 }, storage: "500" } },
      "namespaces.datalab.pods: 0 is less than 1; write how many pods the namespace may have",
      'namespaces.datalab.limits.cpu: 8 is a number; write it in quotes: "8"',
      'namespaces.datalab.storage: "500" is not a size; write a whole number and its unit, such as 100Gi or 2Ti',
    ],
  ],
  "the rules of the cluster": [
    [
      { "rules.images": { kind: "listed", from: ["busybox", "quay.io/jupyter/base:1", "quay.io/jupyter/"] } },
      ...[`0: "busybox"`, `1: "quay.io/jupyter/base:1"`, `2: "quay.io/jupyter/"`].map(
        (given) =>
          `rules.images.from.${given} is not a source of images; write a registry and optionally a path in it without a tag, such as quay.io/jupyter or docker.io/library/busybox`,
      ),
    ],
    [
      { "rules.loadBalancers": true },
      "rules.loadBalancers: true is a boolean; write one of refused, allowed",
    ],
    [
      { "rules.exceptions.gitlab": { allow: [], reason: "" } },
      "rules.exceptions.gitlab.allow: [] is empty; list the rules that do not hold there, of services, limits, images, hosts",
      'rules.exceptions.gitlab.reason: "" is empty; write why the namespace needs it, for whoever reads the policies',
    ],
    [
      { "rules.exceptions.gitlab": { allow: ["limit"], reason: "r" } },
      'rules.exceptions.gitlab.allow.0: "limit" is not allowed; write one of services, limits, images, hosts (did you mean limits?)',
    ],
  ],
  "what is written: types and missing keys": [
    [
      { domain: undefined },
      "domain: is missing; write it in full and in lower case, such as lab.example.org",
    ],
    [{ domain: 5 }, 'domain: 5 is a number; write it in quotes: "5"'],
    [
      { domain: "lab" },
      'domain: "lab" is not a host name; write it in full and in lower case, such as lab.example.org',
    ],
    [{ image: "" }, 'image: "" is empty; name it as OpenStack lists it'],
    [
      { metadata: { note: "((labstead:secret:x))" }, tags: ["((labstead:"] },
      "metadata.note: holds ((labstead:, by which the program marks values that are known later; write another text",
      "tags.0: holds ((labstead:, by which the program marks values that are known later; write another text",
    ],
    [
      { flavors: { "((labstead:": { vcpus: 1, ramMiB: 1 } } },
      "flavors: holds ((labstead:, by which the program marks values that are known later; write another text",
    ],
    [{ network: null }, "network: is empty; write a mapping"],
    [{ network: [] }, "network: [] is a list; write a mapping"],
    [{ servers: "many" }, 'servers: "many" is a string; write a mapping'],
    [{ "network.kind": undefined }, "network.kind: is missing; write one of managed, existing"],
    [
      { "network.kind": "manged" },
      'network.kind: "manged" is not allowed; write one of managed, existing (did you mean managed?)',
    ],
    [{ "network.kind": "private" }, 'network.kind: "private" is not allowed; write one of managed, existing'],
    [
      { "network.cidr": "10.0.0.0" },
      'network.cidr: "10.0.0.0" is not an IPv4 network; write its first address and prefix length, such as 192.168.3.0/24',
    ],
    [
      { "network.cidr": "10.0.0.1/24" },
      'network.cidr: "10.0.0.1/24" is an address inside a network; write the network\'s first address, such as 192.168.3.0/24',
    ],
    [
      { "network.mtu": 900 },
      "network.mtu: 900 is outside 1280–9000; ask the cloud for its MTU (usually 1450 or 1500)",
    ],
    [{ "network.mtu": "1450" }, 'network.mtu: "1450" is a string; write it without quotes: 1450'],
    [
      { "network.mtu": 1450.5 },
      "network.mtu: 1450.5 is not a whole number; write the network's MTU in bytes, such as 1450",
    ],
    [
      { "network.dnsNameservers": ["one.one"] },
      'network.dnsNameservers.0: "one.one" is not an IPv4 address; write four numbers, such as 192.168.3.10',
    ],
    [
      { "network.dnsNameservers": "192.0.2.53" },
      'network.dnsNameservers: "192.0.2.53" is a string; write it as a list: [192.0.2.53]',
    ],
    [
      { "network.ranges.vip": { start: "10.0.0.4" } },
      "network.ranges.vip.end: is missing; write four numbers, such as 192.168.3.10",
    ],
    [
      { network: { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s", ids: { network: "n" } } },
      'network.ids.network: "n" is not an OpenStack id; copy the UUID that `openstack … show` prints',
    ],
    [
      { availabilityZones: [] },
      "availabilityZones: [] is empty; list the zones, or leave the key out to let Nova choose",
    ],
    [{ volumeZones: "all" }, 'volumeZones: "all" is not allowed; write one of any, server'],
    [{ tags: ["a,b"] }, 'tags.0: "a,b" is not a tag; use 1 to 60 characters without commas and slashes'],
    [
      { "metadata.groups": "mine" },
      'metadata.groups: "groups" is a key that the program writes itself; choose another key',
    ],
    [
      { "metadata.täg": "x" },
      'metadata.täg: "täg" is not a metadata key; use up to 255 letters, digits and the characters _ . : -',
    ],
    [
      { "keyPair.kind": "managed" },
      "keyPair.publicKey: is missing; paste the line of your .pub file, such as ssh-ed25519 AAAA… name",
      "keyPair.name: is not a key of kind managed; remove it, or set kind to existing",
    ],
    [
      { keyPair: { kind: "managed", publicKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz" } },
      "keyPair.publicKey: a private key is not an SSH public key; paste the line of your .pub file, such as ssh-ed25519 AAAA… name",
    ],
    [
      { "access.ssh.from": [] },
      "access.ssh.from: [] is empty, so no client could connect; list at least one network, such as 198.51.100.0/24",
    ],
    [
      { "access.ssh.from": undefined },
      "access.ssh.from: is missing; list at least one network, such as 198.51.100.0/24",
    ],
    [
      { "access.wireguard.peers.ada.publicKey": "abc" },
      'access.wireguard.peers.ada.publicKey: "abc" is not a WireGuard public key; paste the 44 characters that `wg pubkey` prints',
    ],
    [
      { "access.wireguard.cidr": "172.30.153.64" },
      'access.wireguard.cidr: "172.30.153.64" is not an IPv4 address with a prefix length; write it as 172.30.153.64/26',
    ],
    [
      { "access.operator.kind": "vpn" },
      'access.operator.kind: "vpn" is not allowed; write one of allowlist, tunnel, wireguard',
    ],
    [{ "access.operator": "tunnel" }, 'access.operator: "tunnel" is a string; write a mapping'],
    [
      { "servers.bastion.flavor": undefined },
      "servers.bastion.flavor: is missing; name it as OpenStack lists it",
    ],
    [{ "servers.bastion.flavor": 1 }, 'servers.bastion.flavor: 1 is a number; write it in quotes: "1"'],
    [
      { "servers.bastion.min": -1 },
      "servers.bastion.min: -1 is less than 0; write how many servers you want",
    ],
    [
      { "servers.bastion.floatingIp": "true" },
      'servers.bastion.floatingIp: "true" is a string; write it without quotes: true',
    ],
    [
      { "servers.bastion.antiAffinity": "strict" },
      'servers.bastion.antiAffinity: "strict" is not allowed; write one of none, soft, hard',
    ],
    [
      { "servers.workers.general.max": 1001 },
      "servers.workers.general.max: 1001 is more than 1000; split the pool",
    ],
    [
      { "servers.workers.general.max": "4" },
      'servers.workers.general.max: "4" is a string; write it without quotes: 4',
    ],
    [
      { "servers.workers.general.maxUnavailable": 0 },
      "servers.workers.general.maxUnavailable: 0 is less than 1; write 1 or more",
    ],
    [
      { "servers.workers.general.gpu": { count: 0 } },
      "servers.workers.general.gpu.count: 0 is less than 1; write 1 or more",
    ],
    [
      { "servers.workers.general.generation": 0 },
      "servers.workers.general.generation: 0 is less than 1; the first generation is 1",
    ],
    [
      { "servers.workers.General": { flavor: "large" } },
      'servers.workers.General: "General" is not a valid name; use 1 to 40 lower-case letters, digits and hyphens, starting with a letter',
    ],
    [
      { "servers.workers.general.volumes.data.size": "100" },
      'servers.workers.general.volumes.data.size: "100" is not a size; write a whole number and its unit, such as 100Gi or 2Ti',
    ],
    [
      { "servers.workers.general.volumes.data.size": 100 },
      'servers.workers.general.volumes.data.size: 100 is a number; write it in quotes: "100"',
    ],
    [
      { "servers.workers.general.volumes.data.use": { kind: "filesystem", mountPoint: "/" } },
      'servers.workers.general.volumes.data.use.mountPoint: "/" is not a mount point; write an absolute path below the root without a slash at its end, such as /data',
    ],
    [
      { "servers.workers.general.volumes.data.use": { kind: "filesystem", mountPoint: "/data/" } },
      'servers.workers.general.volumes.data.use.mountPoint: "/data/" is not a mount point; write an absolute path below the root without a slash at its end, such as /data',
    ],
    [
      { "servers.workers.general.volumes.data.use.type": "zfs" },
      'servers.workers.general.volumes.data.use.type: "zfs" is not allowed; write one of ext4, xfs (did you mean xfs?)',
    ],
    [
      { "servers.gluster.volumes.brick.use.device": "sdb" },
      'servers.gluster.volumes.brick.use.device: "sdb" is not a device; write its path, such as /dev/sdb',
    ],
    [
      { "servers.workers.general.overrides": { "01": { flavor: "huge" } } },
      'servers.workers.general.overrides.01: "01" is not a slot; write a number between 0 and 999',
    ],
    [
      { "servers.workers.general.overrides": { "0": { name: "Big_Worker" } } },
      'servers.workers.general.overrides.0.name: "Big_Worker" is not a valid name; use 1 to 40 lower-case letters, digits and hyphens, starting with a letter',
    ],
    [
      { "servers.workers.general.labels": { "a b": "c" } },
      'servers.workers.general.labels.a b: "a b" is not a key of a Kubernetes label or taint; write it as name or example.org/name',
    ],
    [
      { "servers.workers.general.taints": [{ key: "gpu", effect: "NoRun" }] },
      'servers.workers.general.taints.0.effect: "NoRun" is not allowed; write one of NoSchedule, PreferNoSchedule, NoExecute',
    ],
    [
      { "servers.applicationServers.logs.slot": 1000 },
      "servers.applicationServers.logs.slot: 1000 is outside 0–999; choose a slot in that range",
    ],
    [
      { "servers.applicationServers.logs.applications": ["promethus"] },
      'servers.applicationServers.logs.applications.0: "promethus" is not allowed; write one of haproxy, reverse-proxy, openvpn, prometheus, alertmanager, node-exporter, elasticsearch, grafana, kibana, nexus, dns (did you mean prometheus?)',
    ],
    [
      { "servers.desktops.users.ada.sshKey": "ssh-dss AAAA" },
      'servers.desktops.users.ada.sshKey: "ssh-dss AAAA" is not an SSH public key; paste the line of your .pub file, such as ssh-ed25519 AAAA… name',
    ],
    [{ "cluster.version": 1.36 }, 'cluster.version: 1.36 is a number; write it in quotes: "1.36"'],
    [
      { "cluster.version": "1.20" },
      'cluster.version: "1.20" is not allowed; write one of 1.25, 1.35, 1.36, 1.37 (did you mean 1.25?)',
    ],
    [
      { "cluster.cni.kind": "cilium" },
      'cluster.cni.kind: "cilium" is not allowed; write one of calico, flannel, weave, kube-router',
    ],
    [
      { "cluster.cni.encapsulation": "gre" },
      'cluster.cni.encapsulation: "gre" is not allowed; write one of vxlan, ipip, none',
    ],
    [
      { "cluster.api": { kind: "haproxy", port: 0 } },
      "cluster.api.port: 0 is outside 1–65535; choose a port in that range",
    ],
    [
      { "cluster.api": { kind: "haproxy", port: 70000 } },
      "cluster.api.port: 70000 is outside 1–65535; choose a port in that range",
    ],
    [
      { "cluster.oidc": { issuer: "http://sso.example.org", clientId: "k" } },
      'cluster.oidc.issuer: "http://sso.example.org" is not an https URL; write the issuer\'s, such as https://sso.example.org',
    ],
    [{ "ingress.http": 80 }, "ingress.http: 80 is outside 30000–32767; choose a NodePort in that range"],
    [
      { "ports.published.git.from": [] },
      "ports.published.git.from: [] is empty, so no client could connect; list at least one network, such as 198.51.100.0/24",
    ],
    [
      { "ports.published.git.protocol": "sctp" },
      'ports.published.git.protocol: "sctp" is not allowed; write one of tcp, udp (did you mean tcp?)',
    ],
    [
      { "ports.published.git.probe": { kind: "http", path: "healthz" } },
      'ports.published.git.probe.path: "healthz" is not a path; start it with a slash, such as /healthz, and write other characters than letters, digits and ._~%+@:,=/?&- as %20',
    ],
    [
      { "ports.window": { from: 30050, to: 30048 } },
      "ports.window: ends before it starts; swap `from` and `to`",
    ],
    [
      { "tenants.test.namespaces": [] },
      "tenants.test.namespaces: [] is empty; list the namespaces this tenant may use",
    ],
    [
      { "tenants.test.slot": 0.5 },
      "tenants.test.slot: 0.5 is not a whole number; choose a slot between 0 and 999",
    ],
    [
      { "containers.state.purpose": "backup" },
      'containers.state.purpose: "backup" is not allowed; write one of state, velero, data',
    ],
    [
      { "applicationCredentials.cloud.expiresAt": "2027" },
      'applicationCredentials.cloud.expiresAt: "2027" is not a time; write it as 2027-06-30T00:00:00Z',
    ],
    [
      { "apps.datalab.replicas": { app: 0 } },
      "apps.datalab.replicas.app: 0 is less than 1; write at least one replica",
    ],
    [
      { "apps.datalab.imageTags": { docs: "latest" } },
      'apps.datalab.imageTags.docs: "latest" is a tag that moves, so a restart could bring another program; name one version, such as 1.2.3',
    ],
    [
      { "apps.datalab.imageTags": { docs: "1.2:3" } },
      'apps.datalab.imageTags.docs: "1.2:3" is not an image tag; use up to 128 letters, digits and the characters _ . -',
    ],
    [{ "quota.cores": -2 }, "quota.cores: -2 is less than -1; write the limit, or -1 for none"],
    [
      { "flavors.tiny": { vcpus: 0, ramMiB: 512 } },
      "flavors.tiny.vcpus: 0 is less than 1; write the flavor's vCPUs",
    ],
    [
      { prices: { in: { kind: "money", currency: "Euro" } } },
      'prices.in.currency: "Euro" is not a currency; write its code of three capitals, such as EUR',
    ],
    [
      { prices: { in: { kind: "money", currency: "EUR" }, floatingIp: 3 } },
      'prices.floatingIp: 3 is a number; write it in quotes: "3"',
    ],
    [
      { prices: { in: { kind: "money", currency: "EUR" }, flavors: { small: "0.05" } } },
      'prices.flavors.small: "0.05" is not a price; write an amount with up to 6 decimals and its period, such as 0.05/hour or 12.50/month',
    ],
    [
      { acceptedFindings: [{ finding: "port.clash", reason: "both are mine" }] },
      'acceptedFindings.0.finding: "port.clash" is an error, which up stops at whatever is accepted; correct what it names',
    ],
    [
      { acceptedFindings: [{ finding: "setting.unactive", reason: "so it is" }] },
      'acceptedFindings.0.finding: "setting.unactive" is not allowed; write one of the values that the JSON Schema of the file lists (did you mean setting.inactive?)',
    ],
    [
      { acceptedFindings: [{ finding: "setting.inactive", reason: "" }] },
      'acceptedFindings.0.reason: "" is empty; write why it may stay',
    ],
    [
      { "storage.shared.kind": "ceph" },
      'storage.shared.kind: "ceph" is not allowed; write one of gluster, nfs-provisioner, none',
    ],
  ],
  "keys that nobody knows": [
    [{ domian: "lab.example.org" }, "domian: is not a key that exists here; did you mean domain?"],
    [
      { "apps.datalab.imageTags": { doc: "1.2.3" } },
      "apps.datalab.imageTags.doc: is not a key that exists here; did you mean docs?",
    ],
    [
      { "storage.shared": { kind: "nfs-provisioner", quotas: { datalab: "10Gi" } } },
      "storage.shared.quotas: is not a key of kind nfs-provisioner; remove it, or set kind to gluster",
    ],
    [{ "network.cdir": "10.0.0.0/24" }, "network.cdir: is not a key that exists here; did you mean cidr?"],
    [
      { "network.shared": true },
      "network.shared: is not a key of kind managed; remove it, or set kind to existing",
    ],
    [{ "servers.worker": {} }, "servers.worker: is not a key that exists here; did you mean workers?"],
    [
      { "servers.workers.general.maximum": 4 },
      "servers.workers.general.maximum: is not a key that exists here; remove it, or use one of flavor, image, availabilityZones, bootVolume, volumes, floatingIp, generation, metadata, tags, applications, min, removed, overrides, antiAffinity, max, maxUnavailable, labels, taints, gpu, mounts, range, formerly",
    ],
    [
      { "servers.workers.general.volumes.data.use.mountpoint": "/data" },
      "servers.workers.general.volumes.data.use.mountpoint: is not a key that exists here; did you mean mountPoint?",
    ],
    [
      { "servers.gateway.flavour": "small" },
      "servers.gateway.flavour: is not a key that exists here; did you mean flavor?",
    ],
    [
      { "access.wireguard.peers.ada.ip": "172.30.153.70" },
      "access.wireguard.peers.ada.ip: is not a key that exists here; remove it, or use one of publicKey, address, applications",
    ],
    [
      { "access.operator.from": ["198.51.100.0/24"] },
      "access.operator.from: is not a key of kind tunnel; remove it, or set kind to allowlist",
    ],
    [
      { edge: { kind: "octavia", on: "gateway" } },
      "edge.on: is not a key of kind octavia; remove it, or set kind to haproxy",
    ],
    [
      { "cluster.owner": "prod" },
      "cluster.owner: is not a key that exists here; remove it, or use one of kind, name, version, release, nodes, podCidr, serviceCidr, cni, api, serverName, oidc, failedPods, cloud",
    ],
    [
      { "tenants.test.host": ["a.example.org"] },
      "tenants.test.host: is not a key that exists here; did you mean hosts?",
    ],
    [
      { "quota.vcpus": 1 },
      "quota.vcpus: is not a key that exists here; remove it, or use one of instances, cores, ramMiB, volumes, volumeGiB, ports, floatingIps, networks, routers, securityGroups, securityGroupRules, serverGroups, serverGroupMembers, loadBalancers",
    ],
    [
      { sparkle: true },
      "sparkle: is not a key that exists here; remove it, or use one of cluster, domain, image, availabilityZones, volumeZones, tags, metadata, flavors, quota, prices, namespaces, apps, deploy, deployParts, changes, acceptedFindings, network, keyPair, access, people, servers, software, logs, edge, ingress, ports, rules, storage, tenants, containers, applicationCredentials",
    ],
  ],
};
