/** What the checks find about who comes in: people's applications, and what is open to the whole internet. */
import type { Row } from "./invalid-schema";

export const ACCESS_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "who comes in, and to what": [
    [
      { "access.ssh.from": ["64.0.0.0/2", "0.0.0.0/2", "192.0.0.0/2", "128.0.0.0/2"] },
      "access.ssh.from: is open to the whole internet; list the networks of your operators instead",
    ],
    [
      { people: { alan: { applications: ["nexus", "grafana"] } } },
      'people.alan.applications: "nexus" is an application of no server; take it out, or write one of elasticsearch, prometheus, grafana',
    ],
    [
      { "access.wireguard.peers.ada.applications": ["dns"], "servers.applicationServers": {} },
      'access.wireguard.peers.ada.applications: "dns" is an application of no server; take it out',
    ],
    [
      { "ports.window": { from: 30048, to: 30050 } },
      "ports.window.open: is open to the whole internet; list the networks of those who use it instead, unless it is for everybody",
    ],
    [
      { "ports.published.git.from": ["0.0.0.0/1", "128.0.0.0/3", "160.0.0.0/3", "192.0.0.0/2"] },
      "ports.published.git.from: is open to the whole internet; list the networks of those who use it instead, unless it is for everybody",
    ],
    [
      { "servers.applicationServers.logs.publicApplications": ["elasticsearch"] },
      "servers.applicationServers.logs.publicApplications: elasticsearch is open to the whole internet; take out what is not for everybody; people.<name>.applications opens it to single people",
    ],
    [
      { edge: { kind: "haproxy", on: "gateway", floatingIp: false } },
      "edge.floatingIp: is false, but the VIP of the gateways has a floating IP for the API or WireGuard: ports 80, 443 admit 10.0.0.0/24 alone; list other networks in ingress.from, from and open of the ports, or set it to true",
    ],
    [
      {
        edge: { kind: "haproxy", on: "gateway", floatingIp: false },
        "cluster.api.kind": "octavia",
        "servers.gateway.floatingIp": true,
      },
      "edge.floatingIp: is false, but servers.gateway.floatingIp is true: ports 80, 443 admit 10.0.0.0/24 alone; list other networks in ingress.from, from and open of the ports, or set it to true",
    ],
    [
      {
        edge: { kind: "haproxy", floatingIp: false },
        "servers.loadBalancer.floatingIp": true,
        "ingress.from": ["0.0.0.0/2", "64.0.0.0/2"],
      },
      "edge.floatingIp: is false, but servers.loadBalancer.floatingIp is true: ports 80, 443 admit 10.0.0.0/24 alone; list other networks in ingress.from, from and open of the ports, or set it to true",
    ],
  ],
};
