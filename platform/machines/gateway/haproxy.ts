/** HAProxy of a server: its frontends from the plan, with active health checks. */
import { addressText } from "../../../environment/address-text";
import type { BackendPlan, FrontendPlan, LoadBalancerPlan, ProbePlan } from "../../../environment/plan/types";
import { MONITOR_PORT, STATISTICS_PORT } from "../../../environment/plan/listeners";
import { assertNever } from "../../../errors/assert-never";
import { haproxyFormat, haproxyWord } from "../../formats/haproxy";

export const MONITOR_PATH = "/-/healthy";

/** Concurrent connections. Each takes 35 KiB, so that a server with 1 GiB can hold them, and two file descriptors. */
const CONNECTIONS = 8_000;
export const OPEN_FILES = 3 * CONNECTIONS;

/**
 * @param balancers those on this server
 * @param apiName name in the API's certificates
 */
export function haproxyConfig(balancers: readonly LoadBalancerPlan[], apiName: string): string {
  return [
    PREAMBLE,
    ...balancers.flatMap((balancer) => balancer.frontends.map((front) => proxy(balancer, front, apiName))),
  ].join("\n");
}

/**
 * Sessions are long: watches of the API, notebooks' websockets (client and server 600 s, MK). A failed server is
 * detected within two checks, or sooner if a connection to it fails. Its sessions end after eleven seconds without an
 * answer, not on detection: sessions that are still being opened to it are redispatched to another server and lose
 * nothing.
 */
const PREAMBLE = `global
    log /dev/log local0
    user haproxy
    group haproxy
    maxconn ${CONNECTIONS}
    stats socket /run/haproxy/admin.sock mode 660 level admin

defaults
    mode tcp
    option redispatch
    retries 3
    timeout connect 3s
    timeout client 600s
    timeout server 600s
    timeout check 2s
    timeout http-request 5s
    default-server inter 2s fastinter 500ms downinter 1s fall 2 rise 2 observe layer4 error-limit 1 on-error mark-down
    option srvtcpka
    srvtcpka-idle 5s
    srvtcpka-intvl 2s
    srvtcpka-cnt 3

frontend statistics
    bind 127.0.0.1:${STATISTICS_PORT}
    mode http
    stats enable
    stats uri /
    http-request use-service prometheus-exporter if { path /metrics }

frontend monitor
    bind 127.0.0.1:${MONITOR_PORT}
    mode http
    monitor-uri ${MONITOR_PATH}
`;

/** API clients use one connection for all requests and reconnect by themselves, so it is closed at once. */
const CLOSE_ON_FAILURE = "    default-server on-marked-down shutdown-sessions";

function proxy(balancer: LoadBalancerPlan, front: FrontendPlan, apiName: string): string {
  const name = haproxyWord(`${balancer.key}-${front.port}`);
  return [
    `frontend ${name}`,
    `    bind 0.0.0.0:${front.listen}`,
    "    log global",
    "    option tcplog",
    "    option dontlognull",
    `    default_backend ${name}`,
    "",
    `backend ${name}`,
    "    balance roundrobin",
    ...probeLines(front.probe, apiName),
    ...(balancer.key === "api" ? [CLOSE_ON_FAILURE] : []),
    ...front.backends.map((backend) => serverLine(backend, front)),
    "",
  ].join("\n");
}

function probeLines(probe: ProbePlan, apiName: string): readonly string[] {
  switch (probe.kind) {
    case "tcp":
      return [];
    case "http":
    case "https":
      return [
        "    option httpchk",
        `    http-check send meth GET uri ${haproxyWord(probe.path)} ver HTTP/1.1 hdr Host ${haproxyFormat(apiName)}`,
        "    http-check expect status 200",
      ];
    default:
      return assertNever(probe);
  }
}

/** The health check only tests that the server responds; the client verifies its certificate, end to end. */
function serverLine(
  { server, address, port }: BackendPlan,
  { probe, proxyProtocol }: Pick<FrontendPlan, "probe" | "proxyProtocol">,
): string {
  const probed = probe.kind !== "tcp" && probe.port !== undefined ? ` port ${probe.port}` : "";
  const tls = probe.kind === "https" ? " check-ssl verify none" : "";
  // Without the header the port refuses a check of itself, as it refuses a client.
  const sendProxy = proxyProtocol ? ` send-proxy-v2${probed === "" ? " check-send-proxy" : ""}` : "";
  const name = haproxyWord(server.replaceAll("/", "-"));
  return `    server ${name} ${haproxyWord(addressText(address))}:${port} check${probed}${tls}${sendProxy}`;
}
