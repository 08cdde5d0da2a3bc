import { topic } from "./row";

export const SERVERS = topic({
  title: "Servers and volumes",
  guide: "environment.md#servers",
  rows: {
    "server.slot-unknown": {
      severity: "error",
      title: "setting of a slot that the pool does not have",
      why: "removed and overrides name servers by their slot. One that does not exist changes nothing today, and would apply to a new server when the pool grows. Remove the entry, or raise min if the server should exist.",
    },
    "server.slot-clash": {
      severity: "error",
      title: "slot that two named servers have",
      why: "The address of an application server or a desktop follows from its slot, so two in one slot would have one address and Neutron refuses the second. Give the newer one a free slot; the other one keeps its address.",
    },
    "server.name-clash": {
      severity: "error",
      title: "name that two servers have",
      why: "The name is the server's name in OpenStack, its host name and, of a cluster node, the node's name; the second node of that name would take the first one's place in the cluster. Usually overrides.name repeats a name that another server has by default: rename one of them.",
    },
    "server.formerly-clash": {
      severity: "error",
      title: "two entries with the same former key",
      why: "A pool or server with formerly stays known to cloud and cluster by its old key. If another entry takes that key, both would describe the same resources. Give the new entry a key that was never used.",
    },
    "server.max-below-min": {
      severity: "error",
      title: "pool whose maximum is less than its minimum",
      why: "Slots from min to max − 1 are kept for the autoscaler, and the ranges have to have room for max servers. A maximum below the minimum means nothing; usually one of the two was changed without the other. Raise max, or lower min.",
    },
    "server.name-long": {
      severity: "error",
      title: "server name that is too long for a host name",
      why: "A host name is one DNS label of at most 63 characters; a server with a longer one cannot be resolved, and its kubelet cannot register the node. The name is made of the environment, the role, the pool and the slot: shorten the pool's key or the stack's name.",
    },
    "server.mount-client": {
      severity: "info",
      title: "mount whose client only the image can have",
      why: "Distributions have the clients of NFS and CephFS; those of CernVM-FS and Lustre come from their makers, the latter for one kernel each. Without them the mount never succeeds, and the check of the server says so. Choose an image that has the client, or name its package and a repository.",
    },
    "server.mount-clash": {
      severity: "error",
      title: "two file systems of a server in one place",
      why: "Two file systems on one mount point, or one inside the other, hide each other, two raw volumes on one device cannot be told apart, and a server has one swap volume. Whatever is written would land on the wrong disk. Give each volume a mount point or device of its own.",
    },
    "server.user-data": {
      severity: "error",
      title: "user data larger than Nova takes",
      why: "Nova refuses a server whose user data has more than 65,535 characters, compressed and in base64, so up would fail there. Usually the configuration gives a long text that servers need at their first boot, such as the armored key of a repository in place of its fingerprint; if the program's own files have grown, those not needed at boot have to be pushed later.",
    },
    "server.account": {
      severity: "error",
      title: "desktop user whose account cannot be made",
      why: "Each user of a desktop gets an account of this name on the server. An account or a group of that name may be there already, of the system or of a package, and labstead is the one that operators and the program itself log in with, with root privileges; a longer name than 32 characters is refused. Give the user another key.",
    },
    "server.image": {
      severity: "error",
      title: "image whose system the program cannot set up",
      why: "Servers are set up with apt, for Debian and Ubuntu, by their first boot. On another system, or with a release that left its distribution's mirrors, no package is installed and the server never gets ready. Name another image, or write software.kind baked for one whose image has all packages.",
    },
    "server.application": {
      severity: "error",
      title: "public application that the server does not run",
      why: "publicApplications opens the ports of applications to the public. For one that is not among the server's applications nothing listens there, or something else does. Add it to applications, or take it out.",
    },
    "server.missing": {
      severity: "error",
      title: "role that something needs and no server has",
      why: "The access, the API's VIP, the edge or the shared storage is configured to run on servers of a role, and there are none, so it would not work. Add servers of that role with a flavor, or choose a kind that does not need them.",
    },
    "server.single": {
      severity: "warning",
      title: "one server that everything behind it depends on",
      why: "A gateway, a load balancer or a storage server that is alone is down while it is replaced, rolled or broken, and with it whatever is reached through it. That can be right for a test or a small lab. Write two or more for a lab that people depend on.",
    },
    "server.one-zone": {
      severity: "warning",
      title: "servers of one role in a single one of several zones",
      why: "The environment spreads its servers over zones, so that one of them may fail. If all servers of a role that the others need are in the same zone, the lab is down with that zone all the same. Give the role the environment's zones, or take enough servers for each to have one.",
    },
    "volume.zone": {
      severity: "warning",
      title: "volumes whose zone is not that of their servers",
      why: "Many clouds attach a volume only to a server of its own zone. With volumeZones any Cinder chooses the zone of a volume, so that up may make the volume and then fail to attach it. Write server before the first up, or accept the finding where every server can attach every volume.",
    },
    "volume.name-clash": {
      severity: "error",
      title: "name that two volumes have",
      why: "A volume's name is the server's name and its own key. After a run was killed, volumes that exist already are found again by name, so with one name for two the wrong disk could be attached. Choose another key for one of them.",
    },
    "volume.swap": {
      severity: "error",
      title: "swap on a Kubernetes node",
      why: "A kubelet refuses to start while there is swap (failSwapOn), so the server would boot and never become a node. Remove the volume; if the node needs more memory, choose a larger flavor.",
    },
    "volume.mount-point": {
      severity: "error",
      title: "volume over a folder that is written before it is mounted",
      why: "A volume is mounted while the server runs. Whatever the system, a service or an account has written in its place by then is hidden, such as the operators' keys or the logs; and a service that does not wait for the volume goes on writing to the boot disk. Choose a folder of the volume's own; etcd and containerd wait for volumes at /var/lib/etcd and /data.",
    },
    "flavor.small": {
      severity: "error",
      title: "flavor that is too small for what runs on it",
      why: "kubeadm refuses a control plane with fewer than two CPUs or 1,700 MiB, which the first one of a cluster is not asked for, so the others would not join it. A kubelet does not start if cluster.nodes reserves more than its server has, and a queue of logs may fill a disk that is no larger. Choose a larger flavor, or reserve less.",
    },
    "flavor.disk": {
      severity: "error",
      title: "flavor without a disk for servers without a boot volume",
      why: "A flavor with diskGiB 0 has no disk that an image could be copied to, and Nova refuses such a server to everyone but administrators. Write a bootVolume for the servers, or choose a flavor with a disk.",
    },
    "control-plane.none": {
      severity: "error",
      title: "cluster without a control plane",
      why: "Without a control plane there is no API server and no etcd, so no worker can join and nothing can be deployed. Write three servers, or one for a small lab.",
    },
    "control-plane.even": {
      severity: "error",
      title: "even number of control planes",
      why: "etcd needs a majority of its members. An even number tolerates no more failures than one server less, and two lose the cluster when either of them fails. Write an odd number; servers in removed do not count.",
    },
    "control-plane.single": {
      severity: "warning",
      title: "single control plane",
      why: "While the only control plane is replaced, upgraded or broken, the API is down and no pod is moved or started; if its disk is lost, so is the cluster's state. That can be right for a test or a small lab. Write three for a lab that people depend on.",
    },
    "api.direct-many": {
      severity: "error",
      title: "several control planes without a load balancer",
      why: "With cluster.api.kind direct clients reach the API at one control plane's own address, so the others would not be used, and the API would fail with that one server. Write haproxy or octavia, or keep a single control plane.",
    },
    "workers.none": {
      severity: "error",
      title: "cluster without a server that runs pods",
      why: "Control planes take no ordinary pods by default, so without workers the ingress, the storage drivers and every application stay pending. Add a pool with at least one server, or set servers.controlPlane.schedulable for a cluster of one node.",
    },
    "container.name-clash": {
      severity: "error",
      title: "name that two object containers have",
      why: "A project has one container of a name, so both entries would describe the same one, and whoever emptied or deleted one of them would lose the data of the other. Choose another name for one of them.",
    },
  },
});
