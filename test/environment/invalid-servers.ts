/** What servers, kubeadm, Nova and Neutron would refuse after everything else was created. */
import type { Row } from "./invalid-schema";
import { ed25519Line } from "./ssh-lines";

const mounted = (mountPoint: string) => ({ size: "10Gi", use: { kind: "filesystem", mountPoint } });
const PLACE = "choose a folder of its own, such as /data or /srv/more";
const existing = { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s" };
const IMAGE =
  "name an image of Debian or Ubuntu, or write software: {kind: baked} for one that has all packages";
const ACCOUNT = "choose another name for the user";
const OWN_PORT = "choose another one";
const NAME_SERVER = "write the address of a name server";
const BASTION = { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ["198.51.100.0/24"] } };

const ROOM = { vcpus: 8, ramMiB: 8192 };

export const SERVER_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "mount points": [
    [
      { "servers.nfs.volumes.more": mounted("/etc/lab") },
      `servers.nfs.volumes.more.use.mountPoint: "/etc/lab" lies in /etc, where the operating system writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.bastion.volumes.more": mounted("/home") },
      `servers.bastion.volumes.more.use.mountPoint: "/home" would hide /home/labstead, where the account labstead writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.desktops.volumes.more": mounted("/home/ada") },
      `servers.desktops.volumes.more.use.mountPoint: "/home/ada" is the folder, where the account ada writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.workers.general.volumes.more": mounted("/var/log") },
      `servers.workers.general.volumes.more.use.mountPoint: "/var/log" is the folder, where the system's log writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.workers.general.volumes.more": mounted("/var/lib/kubelet") },
      `servers.workers.general.volumes.more.use.mountPoint: "/var/lib/kubelet" is the folder, where the kubelet writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.workers.general.volumes.more": mounted("/data/containerd") },
      `servers.workers.general.volumes.more.use.mountPoint: "/data/containerd" is the folder, where containerd writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.controlPlane.volumes.more": mounted("/var/lib/etcd/data") },
      `servers.controlPlane.volumes.more.use.mountPoint: "/var/lib/etcd/data" lies in /var/lib/etcd, where etcd writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.applicationServers.logs.volumes.more": mounted("/var/lib") },
      `servers.applicationServers.logs.volumes.more.use.mountPoint: "/var/lib" would hide /var/lib/cloud, where the operating system writes before the volume is there; ${PLACE}`,
    ],
    [
      { "servers.gluster.volumes.more": mounted("/srv") },
      `servers.gluster.volumes.more.use.mountPoint: "/srv" would hide /srv/gluster, where Gluster writes before the volume is there; ${PLACE}`,
    ],
  ],
  "file systems that exist elsewhere": [
    [
      {
        "servers.workers.general.mounts": {
          archive: { kind: "nfs", server: "files.example.org", path: "/export", mountPoint: "/var/lib" },
          more: { kind: "nfs", server: "files.example.org", path: "/more", mountPoint: "/mnt/a" },
          inside: { kind: "nfs", server: "files.example.org", path: "/in", mountPoint: "/mnt/a/b" },
          scratch: { kind: "nfs", server: "files.example.org", path: "/s", mountPoint: "/data/scratch" },
        },
      },
      'servers.workers.general.mounts.archive.mountPoint: "/var/lib" and /var/lib/cloud are inside each other, and the operating system writes there; choose a folder of its own, such as /mnt/archive',
      'servers.workers.general.mounts.inside.mountPoint: "/mnt/a/b" and /mnt/a of mount more are inside each other, and one would hide the other; choose another place',
      'servers.workers.general.mounts.scratch.mountPoint: "/data/scratch" and /data of volume data are inside each other, and one would hide the other; choose another place',
    ],
    [
      { "servers.workers.general.mounts.software": { kind: "cvmfs", repository: "sw.example.org" } },
      "servers.workers.general.mounts.software: needs the client of CernVM-FS, which distributions do not have, and no package is named; choose an image that has it, or name the package of a repository that the image or software has",
    ],
    [
      {
        "servers.workers.general.mounts.ceph": {
          kind: "cephfs",
          monitors: ["10.1.0.5"],
          fileSystem: "lab",
          client: "a b",
          mountPoint: "/mnt/ceph",
        },
      },
      'servers.workers.general.mounts.ceph.monitors.0: "10.1.0.5" is not a monitor; write host and port, such as 10.1.0.5:6789',
      'servers.workers.general.mounts.ceph.client: "a b" is not the name of a client; write letters, digits, dots, dashes and underscores',
    ],
  ],
  flavors: [
    [
      { flavors: { medium: { vcpus: 1, ramMiB: 1024 } }, "servers.gluster.flavor": "big" },
      'servers.controlPlane.flavor: "medium" has 1 vCPU and 1024 MiB, and no control plane joins a cluster with less than 2 vCPUs and 1800 MiB; choose a larger flavor',
    ],
    [
      {
        flavors: { tiny2: { vcpus: 2, ramMiB: 1024, diskGiB: 0 } },
        "servers.controlPlane.overrides": { "1": { flavor: "tiny2" } },
        "servers.controlPlane.bootVolume": { size: "20Gi" },
      },
      'servers.controlPlane.overrides.1.flavor: "tiny2" has 2 vCPUs and 1024 MiB, and no control plane joins a cluster with less than 2 vCPUs and 1800 MiB; choose a larger flavor',
    ],
    [
      { flavors: { large: { ...ROOM, diskGiB: 0 } }, "servers.desktops.flavor": "medium" },
      'servers.workers.general.flavor: "large" has no disk of its own, and the server no bootVolume; write bootVolume: {size: 40Gi} beside it, or a flavor with a disk',
      'servers.applicationServers.logs.flavor: "large" has no disk of its own, and the server no bootVolume; write bootVolume: {size: 40Gi} beside it, or a flavor with a disk',
      'servers.applicationServers.metrics.flavor: "large" has no disk of its own, and the server no bootVolume; write bootVolume: {size: 40Gi} beside it, or a flavor with a disk',
    ],
    [
      {
        flavors: { own: { ...ROOM, diskGiB: 0 } },
        "servers.desktops.users.ada.flavor": "own",
      },
      'servers.desktops.users.ada.flavor: "own" has no disk of its own, and the server no bootVolume; write bootVolume: {size: 40Gi} beside it, or a flavor with a disk',
    ],
    [
      {
        flavors: { large: { ...ROOM, diskGiB: 4 } },
        "cluster.nodes": {
          systemReserved: { cpu: "4", memory: "4Gi", disk: "2Gi" },
          kubeReserved: { cpu: "4000m", memory: "3896Mi", disk: "2048Mi" },
        },
      },
      'servers.workers.general.flavor: "large" has 8000 thousandths of a CPU, and cluster.nodes keeps 8000 of them from pods; reserve less in cluster.nodes, or choose a larger flavor',
      'servers.workers.general.flavor: "large" has 8192 MiB of memory, and cluster.nodes keeps 8192 of them from pods; reserve less in cluster.nodes, or choose a larger flavor',
      'servers.workers.general.flavor: "large" has 4096 MiB of disk, and cluster.nodes keeps 4096 of them from pods; reserve less in cluster.nodes, or choose a larger flavor',
    ],
    [
      {
        flavors: { large: { ...ROOM, diskGiB: 0 } },
        "servers.desktops": undefined,
        "servers.applicationServers": {},
        "servers.workers.general.bootVolume": { size: "2Gi" },
      },
      'servers.workers.general.flavor: "large" has 2048 MiB of disk, and cluster.nodes keeps 2048 of them from pods; reserve less in cluster.nodes, or choose a larger flavor',
    ],
  ],
  "a queue of logs": [
    [
      {
        logs: { kind: "syslog", host: "logs.example.org", queue: 10_240 },
        flavors: {
          tiny: { vcpus: 1, ramMiB: 512, diskGiB: 10 },
          small: { vcpus: 1, ramMiB: 1024, diskGiB: 11 },
        },
      },
      'servers.bastion.flavor: "tiny" has 10240 MiB of disk, and logs.queue may take 10240 of them; write a smaller logs.queue, or choose a larger flavor',
    ],
  ],
  "nodes' settings": [
    [
      { "cluster.nodes": { imageGc: { high: 90 } } },
      "cluster.nodes.imageGc.high: 90 per cent of the disk are never reached: pods are moved away from 90 on, by eviction.diskPercent; write less than 90",
    ],
    [
      { "cluster.nodes": { eviction: { diskPercent: 40 } } },
      "cluster.nodes.imageGc.high: 85 per cent of the disk are never reached: pods are moved away from 60 on, by eviction.diskPercent; write less than 60",
    ],
  ],
  "single addresses": [
    [
      { "network.dnsNameservers": ["192.0.2.53", "10.244.0.10"] },
      `network.dnsNameservers.1: "10.244.0.10" is in cluster.podCidr, 10.244.0.0/16, which servers cannot ask; ${NAME_SERVER}`,
    ],
    [
      { "network.dnsNameservers": ["10.96.0.10", "172.30.153.66"] },
      `network.dnsNameservers.0: "10.96.0.10" is in cluster.serviceCidr, 10.96.0.0/12, which servers cannot ask; ${NAME_SERVER}`,
      `network.dnsNameservers.1: "172.30.153.66" is in access.wireguard.cidr, 172.30.153.64/26, which servers cannot ask; ${NAME_SERVER}`,
    ],
    [
      { "network.dnsNameservers": ["10.0.0.255", "10.0.0.48"] },
      `network.dnsNameservers.0: "10.0.0.255" is the first or last address of 10.0.0.0/24, which no host has; ${NAME_SERVER}`,
      `network.dnsNameservers.1: "10.0.0.48" is in the range applicationServers, 10.0.0.48–10.0.0.79, and no server there has the application dns; ${NAME_SERVER}`,
    ],
    [
      { network: { ...existing, gatewayIp: "10.0.0.255" } },
      'network.gatewayIp: "10.0.0.255" is the first or last address of 10.0.0.0/24, which no host has; write the gateway of the subnet, as `openstack subnet show` prints it',
    ],
    [
      { network: { ...existing, allocationPools: [{ start: "10.0.0.2", end: "10.0.0.20" }] } },
      "network.allocationPools.0: 10.0.0.2–10.0.0.20 shares addresses with the ranges vip, bastion, gateway, loadBalancer, and Neutron may give them to others first; move network.ranges out of the pool, or let the subnet's owner shrink it",
    ],
    [
      { network: { ...existing, allocationPools: [{ start: "10.0.1.2", end: "10.0.1.20" }] } },
      "network.allocationPools.0: 10.0.1.2–10.0.1.20 is no range of 10.0.0.0/24; copy what `openstack subnet show` prints",
    ],
    [
      { network: { ...existing, allocationPools: [{ start: "10.0.0.250", end: "10.0.0.240" }] } },
      "network.allocationPools.0: 10.0.0.250–10.0.0.240 is no range of 10.0.0.0/24; copy what `openstack subnet show` prints",
    ],
  ],
  "ports that are in use": [
    [
      { "ports.published.git.external": 9100 },
      `ports.published.git.external: port 9100 is the load-balancer servers' own, for node_exporter; ${OWN_PORT}`,
    ],
    [
      { "ports.published.git.external": 53 },
      `ports.published.git.external: port 53 is the load-balancer servers' own, for the resolver; ${OWN_PORT}`,
    ],
    [
      { "ports.published.git.external": 3000, "servers.loadBalancer.applications": ["grafana"] },
      `ports.published.git.external: port 3000 is the load-balancer servers' own, for Grafana; ${OWN_PORT}`,
    ],
    [
      { "cluster.api": { kind: "haproxy", port: 9100 } },
      `cluster.api.port: port 9100 is the load-balancer servers' own, for node_exporter; ${OWN_PORT}`,
    ],
    [
      { "access.wireguard.port": 53 },
      `access.wireguard.port: port 53 is the load-balancer servers' own, for the resolver; ${OWN_PORT}`,
    ],
    [
      { edge: { kind: "none" } },
      "ports.published.git.external: nothing listens on 2222, since edge.kind is none: clients connect to the NodePort, 30022; write 30022 too, or set edge.kind to haproxy or octavia",
    ],
  ],
  "keys of people": [
    [
      {
        people: { alan: { ssh: { key: ed25519Line("alan") } }, eve: { ssh: { key: ed25519Line("eve") } } },
      },
      "people.eve.ssh.key: is already the key of people.alan; let each person create a key of their own",
    ],
    [
      {
        keyPair: { kind: "managed", publicKey: ed25519Line("operators") },
        people: { alan: { ssh: { key: ed25519Line("alan") } } },
      },
      "people.alan.ssh.key: is the operators' key, keyPair.publicKey, which every server lets in with root privileges; write this person's own key, or as: operator",
    ],
  ],
  "images and accounts": [
    [
      { image: "Rocky-9-GenericCloud" },
      `image: "Rocky-9-GenericCloud" is by its name no system with apt; ${IMAGE}`,
    ],
    [
      {
        "servers.workers.general.image": "debian-10-openstack-amd64",
        "servers.bastion.overrides": { "0": { image: "windows-server-2022" } },
      },
      `servers.bastion.overrides.0.image: "windows-server-2022" is by its name no system with apt; ${IMAGE}`,
      `servers.workers.general.image: "debian-10-openstack-amd64" is a release that left its distribution's mirrors; ${IMAGE}`,
    ],
    [
      { "servers.desktops.users.root": { slot: 2 } },
      `servers.desktops.users.root: is an account or a group that the system or one of its packages has; ${ACCOUNT}`,
    ],
    [
      { "servers.desktops.users.systemd-resolve": { slot: 2 } },
      `servers.desktops.users.systemd-resolve: is an account or a group that the system or one of its packages has; ${ACCOUNT}`,
    ],
    [
      { [`servers.desktops.users.${"a".repeat(33)}`]: { slot: 2 } },
      `servers.desktops.users.${"a".repeat(33)}: has 33 characters, and an account's name has at most 32; ${ACCOUNT}`,
    ],
  ],
  "a Gluster pool whose sets are broken": [
    [
      { "servers.gluster.min": 6, "servers.gluster.removed": [0, 5] },
      "servers.gluster.removed: leaves slots 1, 2, 3, 4, and no full set of three among them, so that nothing can be stored; keep slots 0–2, 3–5 or the next three together",
    ],
    [
      { access: BASTION, "servers.gluster.min": 6, "servers.gluster.removed": [0] },
      "servers.gluster.min: slots 1, 2 are in no full set of three, so their servers carry no data; add or take servers so that slots 0–2, 3–5 and so on are full",
    ],
  ],
};
