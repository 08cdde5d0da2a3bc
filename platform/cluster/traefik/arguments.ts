/** Traefik's static configuration, as arguments of its command line. */
import { INGRESS_CLASS } from "../../../environment/ingress-controller";
import type { RequestLimits } from "../../../environment/request-limits";
import { streamName, type Stream } from "../ingress/streams";

/** Entry points for pages, by their ports. */
export const ENTRY_POINTS = { web: 80, websecure: 443 } as const;
/** Health and metrics. */
export const METRICS = { entryPoint: "metrics", port: 10254 } as const;
/** Where the routes that no Ingress expresses are mounted. */
export const ROUTES_FILE = "/etc/traefik/routes.json";

/** Seconds for a whole request with its body; the largest uploads of a lab take hours. */
const LONGEST_REQUEST = 6 * 3600;
/** Seconds to accept connections after the end was announced, until all nodes send them elsewhere. */
export const ACCEPT_AFTER_END = 10;
/** Seconds that open connections get to end after that. */
export const CLOSE_AFTER_END = 240;
const MEBIBYTE = 1024 * 1024;

export interface TraefikArguments {
  readonly limits: RequestLimits;
  readonly streams: readonly Stream[];
  /** Networks whose connections start with the PROXY protocol's header; empty without it. */
  readonly proxies: readonly string[];
}

/**
 * The provider reads what ingress-nginx reads. Traefik's ordinary provider for Ingresses stays off: it would ignore the
 * annotations, and serve every guarded path unguarded.
 */
export function traefikArguments({ limits, streams, proxies }: TraefikArguments): readonly string[] {
  const provider = {
    controllerClass: INGRESS_CLASS.controller,
    ingressClass: INGRESS_CLASS.name,
    // Without these two, routes are also attached to the entry point of health and metrics.
    httpEntryPoint: "web",
    httpsEntryPoint: "websecure",
    // A body is counted only while it is taken as a whole.
    proxyRequestBuffering: true,
    proxyBodySize: bytesOf(limits.bodySize),
    proxyConnectTimeout: limits.timeouts.connectSeconds,
    proxyReadTimeout: limits.timeouts.readSeconds,
    proxySendTimeout: limits.timeouts.sendSeconds,
  };
  return [
    "--global.checkNewVersion=false",
    "--global.sendAnonymousUsage=false",
    "--log.level=INFO",
    "--providers.kubernetesIngressNGINX=true",
    ...Object.entries(provider).map(
      ([key, value]) => `--providers.kubernetesIngressNGINX.${key}=${String(value)}`,
    ),
    `--providers.file.filename=${ROUTES_FILE}`,
    // The pods are replaced when the file changes.
    "--providers.file.watch=false",
    ...Object.entries(ENTRY_POINTS).flatMap(([name, port]) => entryPoint(name, port, proxies)),
    ...streams.map((each) => `--entryPoints.${streamName(each)}.address=:${each.nodePort}/${each.protocol}`),
    `--entryPoints.${METRICS.entryPoint}.address=:${METRICS.port}`,
    `--metrics.prometheus.entryPoint=${METRICS.entryPoint}`,
    `--ping.entryPoint=${METRICS.entryPoint}`,
  ];
}

function entryPoint(name: string, port: number, proxies: readonly string[]): readonly string[] {
  const at = `--entryPoints.${name}`;
  return [
    `${at}.address=:${port}`,
    `${at}.transport.respondingTimeouts.readTimeout=${LONGEST_REQUEST}s`,
    `${at}.transport.lifeCycle.requestAcceptGraceTimeout=${ACCEPT_AFTER_END}s`,
    `${at}.transport.lifeCycle.graceTimeOut=${CLOSE_AFTER_END}s`,
    ...(proxies.length === 0 ? [] : [`${at}.proxyProtocol.trustedIPs=${proxies.join(",")}`]),
  ];
}

function bytesOf(size: RequestLimits["bodySize"]): number {
  const amount = Number.parseInt(size, 10);
  return amount * MEBIBYTE * (size.endsWith("Gi") ? 1024 : 1);
}
