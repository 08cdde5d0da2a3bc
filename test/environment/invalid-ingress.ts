/** What is wrong with the ingress controller's settings. */
import type { Row } from "./invalid-schema";

export const INGRESS_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "the ingress controller": [
    [
      { ingress: { kind: "ingress-nginx", migration: {} } },
      "ingress.migration: is the way to Traefik, and ingress.kind is ingress-nginx; write kind: traefik, or leave the key out",
    ],
    [
      { ingress: { kind: "traefik", migration: { moved: ["lab.elsewhere.org", "more.lab.example.org"] } } },
      'ingress.migration.moved: "lab.elsewhere.org" is served by no part and no tenant, and is not below lab.example.org; correct the host',
    ],
    [
      { ingress: { certificate: "issuer" } },
      'ingress.certificate: "issuer" is without an issuer; name it by ingress.issuer: {name: letsencrypt}',
    ],
    [
      { ingress: { issuer: { name: "letsencrypt" } } },
      'ingress.issuer: is not asked, since ingress.certificate is "selfSigned"; write certificate: issuer, or leave the key out',
    ],
    [
      { "ingress.exposure": { kind: "octavia" } },
      'ingress.exposure.kind: "octavia" needs the cloud controller manager with load balancers, and none serves Services of type LoadBalancer; write cluster.cloud.loadBalancers: {kind: amphora} with cluster.nodes.cloudProvider external, or choose metallb or nodePort',
    ],
    [
      { "ingress.exposure": { kind: "metallb" }, "ingress.proxyProtocol": true },
      "ingress.proxyProtocol: the ingress then answers only those who come by the PROXY protocol, and with ingress.exposure metallb nobody speaks it; leave the key out: with metallb applications see client addresses without it",
    ],
    [
      {
        network: { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s", shared: true },
        "cluster.api": { kind: "octavia" },
        "servers.gateway.floatingIp": true,
        edge: { kind: "octavia" },
        "storage.shared": { kind: "none" },
        "ingress.exposure": { kind: "metallb" },
      },
      'ingress.exposure.kind: "metallb" needs a VIP, and network.shared is true: Neutron lets only the network\'s owner move an address between ports; write octavia or nodePort',
    ],
    [
      { "ingress.timeouts": { connectSeconds: 90, readSeconds: 0, sendSeconds: 0.5 } },
      "ingress.timeouts.connectSeconds: 90 is too long; write at most 75 seconds",
      "ingress.timeouts.readSeconds: 0 is too short; write 1 second or more",
      "ingress.timeouts.sendSeconds: 0.5 is not a whole number of seconds; write 1 or more",
    ],
    [
      { "ingress.bodySize": "10m" },
      'ingress.bodySize: "10m" is not an amount of memory or disk; write a whole number and its unit, such as 512Mi or 1Gi',
    ],
  ],
};
