/**
 * What each application listens on (SKA's table, HAProxy's port its statistics); servers that run it open only these.
 */
import type { Application } from "../config";

export interface ApplicationPort {
  readonly protocol: "tcp" | "udp";
  readonly ports: readonly number[];
  readonly what: string;
}

export const APPLICATION_PORTS: Readonly<Record<Application, readonly ApplicationPort[]>> = {
  haproxy: [{ protocol: "tcp", ports: [9090], what: "HAProxy statistics" }],
  "reverse-proxy": [{ protocol: "tcp", ports: [80, 443, 6443, 9443, 10901], what: "reverse proxy" }],
  openvpn: [{ protocol: "udp", ports: [1194], what: "OpenVPN" }],
  prometheus: [{ protocol: "tcp", ports: [9090], what: "Prometheus" }],
  alertmanager: [{ protocol: "tcp", ports: [9093], what: "Alertmanager" }],
  "node-exporter": [{ protocol: "tcp", ports: [9100], what: "node_exporter" }],
  elasticsearch: [{ protocol: "tcp", ports: [9200, 9300, 9114], what: "Elasticsearch and its exporter" }],
  grafana: [{ protocol: "tcp", ports: [3000], what: "Grafana" }],
  kibana: [{ protocol: "tcp", ports: [5601], what: "Kibana" }],
  nexus: [{ protocol: "tcp", ports: [8081, 8082, 9000], what: "Nexus" }],
  dns: [
    { protocol: "tcp", ports: [53], what: "DNS" },
    { protocol: "udp", ports: [53], what: "DNS" },
  ],
};
