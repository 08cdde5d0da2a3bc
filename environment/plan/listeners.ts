/**
 * Ports that programs on a server listen on by default, by their package, so that no configured port is used twice.
 * Every package of a server is in one of the two lists, which a test compares with what servers get.
 */
import type { Application, ServerRole } from "../config";
import { APPLICATION_PORTS } from "./applications";
import { isNodeRole } from "./rolling";

export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly what: string;
}

/** Both of HAProxy answer on the server itself only (MK's ports). */
export const STATISTICS_PORT = 48981;
export const MONITOR_PORT = 31911;
/** Port that Prometheus scrapes. */
export const NODE_EXPORTER_PORT = 9100;

const tcp = (port: number, what: string): Listener => ({ protocol: "tcp", port, what });
const udp = (port: number, what: string): Listener => ({ protocol: "udp", port, what });

/** systemd's resolver is in the images: its stub listener, and LLMNR where the distribution has it on. */
const OF_THE_IMAGE: readonly Listener[] = [
  tcp(22, "SSH"),
  tcp(53, "the resolver"),
  udp(53, "the resolver"),
  udp(68, "DHCP"),
  tcp(5355, "the resolver"),
  udp(5355, "the resolver"),
];

/** By package, where a program of it listens outside the roles of Kubernetes and storage. */
export const LISTENING_PACKAGES: Readonly<Record<string, readonly Listener[]>> = {
  "openssh-server": [tcp(22, "SSH")],
  chrony: [udp(323, "the clock")],
  "prometheus-node-exporter": [tcp(NODE_EXPORTER_PORT, "node_exporter")],
  haproxy: [tcp(MONITOR_PORT, "health checks"), tcp(STATISTICS_PORT, "statistics")],
};

/** Packages whose programs listen on no port, or on a configured one (WireGuard). */
export const SILENT_PACKAGES: readonly string[] = [
  ...["ca-certificates", "curl", "fail2ban", "keepalived", "nftables", "openssl", "python3-systemd"],
  ...["rsyslog", "rsyslog-gnutls", "unattended-upgrades", "wireguard-tools", "xfsprogs"],
];

/** Packages that listen, on servers of a role, with or without HAProxy. */
export function listeningPackages(role: ServerRole, balancer: boolean): readonly string[] {
  return [
    "openssh-server",
    "chrony",
    ...(isNodeRole(role) ? [] : ["prometheus-node-exporter"]),
    ...(balancer ? ["haproxy"] : []),
  ];
}

/** Everything that listens on servers of a role with HAProxy. */
export function balancerListeners(
  role: ServerRole,
  applications: readonly Application[],
): readonly Listener[] {
  const packages = listeningPackages(role, true).flatMap((name) => LISTENING_PACKAGES[name] ?? []);
  const ofApplications = applications.flatMap((application) =>
    APPLICATION_PORTS[application].flatMap(({ protocol, ports, what }) =>
      ports.map((port) => ({ protocol, port, what })),
    ),
  );
  return [...OF_THE_IMAGE, ...packages, ...ofApplications];
}
