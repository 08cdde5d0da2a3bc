import { topic } from "./row";

export const PORTS = topic({
  title: "Ports",
  guide: "environment.md#ports",
  rows: {
    "port.clash": {
      severity: "error",
      title: "port or port name that is taken twice",
      why: "A cluster has each NodePort once, an address each external port once, and a port's name identifies it in frontends, rules and reports. The second Service would be refused, or the load balancer would not take its configuration. Choose another number or name, and avoid those that the owner has given to its tenants.",
    },
    "port.unclaimed": {
      severity: "info",
      title: "published port that nothing of the environment answers",
      why: "The port is open in every rule and leads to a NodePort that no Service of this program has. That is right for a Service of your own; otherwise the next Service that gets this NodePort is exposed unintentionally. Remove the entry if nothing answers there.",
    },
    "port.reserved": {
      severity: "error",
      title: "port that the servers which listen on it use themselves",
      why: "HAProxy and WireGuard run on servers where other programs listen on ports too: SSH, the resolver, node_exporter, the applications of the server. The second program on the same port fails, and with HAProxy everything behind its address. Choose another external port; the NodePort may stay.",
    },
    "port.external": {
      severity: "warning",
      title: "external port without a load balancer",
      why: "The external port is what the edge listens on. With edge.kind none there is no edge, and clients connect to the NodePort at a node's own address. Write the NodePort's number as external, so that the file says what clients dial, or choose an edge.",
    },
    "port.world": {
      severity: "warning",
      title: "port that the whole internet may connect to",
      why: "Everybody may connect to a test window without a list, to a port that admits all networks (in one line or in several that together cover the internet), and to the public applications of a server, and scanners try known vulnerabilities there. That is right for what is meant for everybody, such as a VPN or a reverse proxy. Otherwise list the networks of those who use it.",
    },
    "port.inside": {
      severity: "warning",
      title: "ports closed because the edge is to have no floating IP",
      why: "HAProxy answers on every address of its servers. Where these have a floating IP for the API, for WireGuard or of their own, the edge's ports would be open to the whole internet although edge.floatingIp is false, so lists that cover the internet are replaced by the servers' own network. List the networks that may come, or set edge.floatingIp to true.",
    },
    "port.window": {
      severity: "error",
      title: "port on the wrong side of a test window",
      why: "A window opens NodePorts to the outside as they are, so it may lie only where the test window of all environments is, and no internal port may lie in one: it would be public. Shrink or move the window, choose another internal port, or open a single port by ports.published.",
    },
    "port.udp": {
      severity: "error",
      title: "UDP port behind HAProxy",
      why: "HAProxy carries TCP only, so the port would be open in every rule without a listener. Let Octavia be the edge, or use TCP if the service offers it.",
    },
    "port.edge": {
      severity: "error",
      title: "edge that a tenant cannot have",
      why: "The owner opens a tenant's NodePorts to the tenant's own load balancer only, and the gateways are the owner's. Without a load balancer of its own the tenant would be unreachable. Write haproxy with servers.loadBalancer, or octavia.",
    },
    "ingress.migration": {
      severity: "error",
      title: "migration of the ingress controller that leads nowhere",
      why: "ingress.migration keeps ingress-nginx beside Traefik and lists the hosts that Traefik serves already. It means nothing without kind traefik, and a host that no part and no tenant serves would silently stay with ingress-nginx. Correct the kind or the host.",
    },
    "ingress.certificate": {
      severity: "error",
      title: "issuer and kind of certificate that do not belong together",
      why: "With certificate issuer cert-manager orders the default certificate from the issuer that ingress.issuer names, and with the other kinds nobody asks it. Write both or neither.",
    },
    "ingress.exposure": {
      severity: "error",
      title: "exposure of the ingress that nothing serves",
      why: "With exposure octavia the ingress controller's Service is of type LoadBalancer, and the cloud controller manager makes its load balancer in Octavia. Where it does not, the Service stays pending for ever and no page is reached. Choose what serves such Services, or another exposure.",
    },
    "ingress.release": {
      severity: "warning",
      title: "ingress controller on a release that it was never tested with",
      why: "ingress-nginx has ended upstream: its last release was tested with Kubernetes up to 1.35, and nobody fixes what a newer release breaks. It is in front of every page of the lab. Move to Traefik, host by host, before or soon after the upgrade of the cluster.",
    },
    "port.proxy": {
      severity: "error",
      title: "PROXY protocol without a load balancer that speaks it",
      why: "With ingress.proxyProtocol the ingress accepts only connections that start with the PROXY protocol's header. Without an edge clients connect directly to the NodePort and do not send it, so every page would fail. Choose an edge of haproxy or octavia, or leave the key out.",
    },
  },
});
