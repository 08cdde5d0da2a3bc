import { topic } from "./row";

export const ACCESS = topic({
  title: "Access",
  guide: "environment.md#access",
  rows: {
    "access.peer": {
      severity: "error",
      title: "WireGuard peer that cannot work",
      why: "WireGuard sends what is for an address to one peer only and knows a peer by its key. Of two peers with one address or key the later one takes over the other's traffic, and an address outside of the tunnel, or the gateway's own, is never routed. Give each person a free address of the tunnel and a key of their own.",
    },
    "access.endpoint": {
      severity: "error",
      title: "WireGuard without a public endpoint",
      why: "Clients connect to the gateways from outside. Without a floating IP on a gateway or on a VIP that the gateways hold, clients cannot open the tunnel, and if it is the only access, up cannot reach the servers either. Set servers.gateway.floatingIp to true, or give the VIP one.",
    },
    "access.operator": {
      severity: "error",
      title: "route to the Kubernetes API that does not exist",
      why: "access.operator says how Pulumi reaches the API. A tunnel needs a bastion, wireguard needs the gateway, and an allow-list opens an address that has to be public. Otherwise the servers would be created and then nothing could be deployed. Write the kind that fits access.kind, or change that to both.",
    },
    "access.person": {
      severity: "error",
      title: "person whose access cannot work",
      why: "Each entry of people gives a person a jump account, a peer, or rights in the cluster. Where there is no bastion, no tunnel, no such namespace, or no name that the identity provider knows, the person would be refused; where two entries share a name, a user or a key, one person's rights would remain after their entry is removed. The message names the line to change.",
    },
    "access.inside": {
      severity: "info",
      title: "ports inside the network that no person reaches",
      why: "People and peers of the tunnel reach what the plan lists for them: the API, published ports, SSH with a key that the server takes, and applications of servers that they are given. Everything else that servers answer to each other, such as NFS, databases and internal NodePorts, is named here; older versions let every peer and every jump account reach it. Give a person an application by people.<name>.applications, or publish the port.",
    },
    "access.world": {
      severity: "warning",
      title: "operator access that is open to the whole internet",
      why: "SSH or the Kubernetes API then accepts connections from any address, and scanners try known vulnerabilities on it. Keys and certificates still protect it, so this does not stop up. List the networks of your operators.",
    },
    "access.bastion-address": {
      severity: "warning",
      title: "bastion without a public address",
      why: "People and up reach the servers through the bastion. Without a floating IP that works only from networks that are routed to the lab's network. Set servers.bastion.floatingIp to true unless yours is one of them.",
    },
    "access.api-address": {
      severity: "warning",
      title: "public address of the API that no client may use",
      why: "The floating IP is requested explicitly, but access.operator admits no client from outside, so it counts against the quota and is not usable. Leave cluster.api.floatingIp out to give it back, or write an allow-list of networks.",
    },
    "access.first-push": {
      severity: "info",
      title: "servers that are reached through a tunnel they set up themselves",
      why: "Without a bastion files are pushed to servers through WireGuard, and so are the gateways' own WireGuard files. In a new environment there is no tunnel yet, and a lost tunnel cannot be repaired through itself. Start with access.kind both, open the tunnel after the first up, then write wireguard; later replace gateways one at a time.",
    },
  },
});
