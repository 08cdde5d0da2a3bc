import { topic } from "./row";

export const NETWORK = topic({
  title: "Networks and addresses",
  guide: "environment.md#addresses",
  rows: {
    "network.too-small": {
      severity: "error",
      title: "network with too few addresses",
      why: "Every role owns a range of the subnet, every node a /24 of the pod network, every WireGuard peer an address of the tunnel; in a smaller network some of them would get none. Widen the network before the first up: OpenStack cannot resize a subnet, and a running cluster keeps its pod network.",
    },
    "network.overlap": {
      severity: "error",
      title: "two networks of one environment that share addresses",
      why: "Servers and gateways route to the subnet, the pods, the Services and the tunnel at the same time. Where two of these networks share addresses, packets for one are sent to the other, and connections time out from some machines only. Give each network addresses that no other one has.",
    },
    "network.gateway-outside": {
      severity: "error",
      title: "gateway outside of the existing subnet",
      why: "The gateway's address is kept out of the ranges that servers get theirs from. If the wrong one is written, a server can be given the real gateway's address, and then the whole subnet loses its default route. Copy the address from what OpenStack shows for the subnet, or leave the key out where the gateway is the subnet's first address.",
    },
    "network.address": {
      severity: "error",
      title: "address at which nothing can answer",
      why: "A name server in the range of pods, Services or the tunnel cannot be asked by servers, one in the range of a role is an address that the program gives to a server, and the first and last address of a subnet belong to no host. Copy the address from what your cloud or network administrator says.",
    },
    "network.name-servers": {
      severity: "warning",
      title: "managed network without name servers",
      why: "Servers ask the name servers of their subnet. With none there it depends on the cloud whether its DHCP names a resolver of its own; where it does not, no server installs a package. List your name servers; the next up changes the subnet, and servers take them with their next lease.",
    },
    "network.pools": {
      severity: "warning",
      title: "planned addresses that Neutron may give to others",
      why: "Neutron chooses addresses for other ports from the subnet's allocation pools. One that is planned here may be taken by then, and the port of the new server is refused. Move network.ranges to addresses outside the pools, or have the pools shrunk.",
    },
    "network.pools-unknown": {
      severity: "info",
      title: "existing subnet whose allocation pools are not known",
      why: "On an existing subnet Neutron gives addresses of its allocation pools to other ports too. Without network.allocationPools the planned addresses cannot be compared with them. Copy the pools from what OpenStack shows for the subnet.",
    },
    "network.mtu": {
      severity: "warning",
      title: "MTU that leaves too little inside the encapsulation",
      why: "Encapsulation takes its header from every packet, so that pods and the tunnel have less than the network. Below 1,280 bytes QUIC connections and large answers of name servers no longer fit, and some of them time out while everything else works. Use a network with a larger MTU, or a plugin without encapsulation.",
    },
    "network.services": {
      severity: "error",
      title: "Service network of a size that cannot be used",
      why: "kube-apiserver does not start with a Service network of more than 20 bits, so a /12 is the largest; one smaller than a /24 has too few addresses for the Services of a lab. Choose a network between the two before the cluster is created.",
    },
    "network.shared": {
      severity: "error",
      title: "setting that a network of another project does not allow",
      why: "Neutron lets only a network's owner allow further addresses at a port. A VIP of keepalived and pods without encapsulation both need that, so up would fail half way. Choose what works without it (Octavia, an encapsulating CNI, no NFS service), or a network of your own project.",
    },
    "range.outside": {
      severity: "error",
      title: "range of addresses that the subnet does not have",
      why: "Servers would be given addresses outside of their subnet, or its first or last address, and Neutron refuses such a port. The usual cause is a range that was copied from another subnet, or whose start and end are exchanged.",
    },
    "range.overlap": {
      severity: "error",
      title: "two ranges that share addresses",
      why: "An address follows from a range and a slot, so two roles or worker pools in overlapping ranges would be given the same address, and Neutron refuses the second port. Move or shrink one of the ranges; the default division of the subnet has none that overlap.",
    },
    "range.exhausted": {
      severity: "error",
      title: "range with fewer addresses than are needed from it",
      why: "Slots beyond the end of a range have no address, so the servers, VIPs or tenants in them cannot be made; if the ranges fill the subnet, Neutron has no address left for DHCP. Widen the range, choose a smaller slot or number of servers, or take a larger subnet.",
    },
    "range.unaligned": {
      severity: "error",
      title: "tenants' range that does not start at a multiple of four",
      why: "A tenant's VIP and three servers are four addresses, which the owner's rules admit as one /30. In a range that is not aligned, that /30 would also contain addresses of another owner. Move the start of the range to the next multiple of four.",
    },
    "range.missing": {
      severity: "error",
      title: "worker pool without a part of the workers' range",
      why: "All worker pools share one range. Without a part of its own a pool's addresses would depend on the other pools, and a new pool would move the servers of an old one. Write range: {start, size} for each; a pool that exists already keeps its addresses with start 0.",
    },
  },
});
