/** Traefik's routes that no Ingress expresses: health, streams, and the hosts that ingress-nginx still serves. */
import { INGRESS_NAMESPACE } from "../../../environment/ingress-controller";
import { streamName, type Stream } from "../ingress/streams";
import { ENTRY_POINTS } from "./arguments";

/** Hosts of a migration. */
export interface Migration {
  /** Hosts that Traefik serves; every other one goes to ingress-nginx. */
  readonly moved: readonly string[];
  /** Name of the Service of ingress-nginx, in the namespace of both. */
  readonly service: string;
  /** Whether ingress-nginx expects the PROXY protocol. */
  readonly proxyProtocol: boolean;
}

export interface TraefikRoutes {
  readonly streams: readonly Stream[];
  /** @default Traefik serves every host */
  readonly migration?: Migration;
}

/** The health check of load balancers, as ingress-nginx answers it: on both ports, for hosts of no Ingress. */
const HEALTH = "Path(`/healthz`)";
/** Lower than that of any route of an Ingress, which is the length of its rule. */
const LOWEST = 1;
/** Higher than that of any route of an Ingress. */
const HIGHEST = 1_000_000;

type Routers = Readonly<Record<string, object>>;

interface Parts {
  readonly routers: Routers;
  readonly middlewares?: Routers;
  readonly services?: Routers;
  readonly serversTransports?: Routers;
}

/** The dynamic configuration, as Traefik's file provider reads it. */
export function traefikRoutes({ streams, migration }: TraefikRoutes): object {
  const http: Parts = migration === undefined ? { routers: health(HEALTH, LOWEST) } : closed(migration);
  const tcp = join([
    ...streams.filter(isTcp).map(tcpStream),
    ...(migration === undefined ? [] : [passed(migration)]),
  ]);
  const udp = join(streams.filter((each) => !isTcp(each)).map(udpStream));
  return { http, ...section("tcp", tcp), ...section("udp", udp) };
}

function isTcp({ protocol }: Stream): boolean {
  return protocol === "tcp";
}

function section(name: "tcp" | "udp", parts: Parts | undefined): object {
  return parts === undefined ? {} : { [name]: parts };
}

function join(all: readonly Parts[]): Parts | undefined {
  if (all.length === 0) return undefined;
  const merged = (key: keyof Parts): Routers =>
    Object.fromEntries(all.flatMap((each) => Object.entries(each[key] ?? {})));
  const transports = merged("serversTransports");
  return {
    routers: merged("routers"),
    services: merged("services"),
    ...(Object.keys(transports).length === 0 ? {} : { serversTransports: transports }),
  };
}

function health(rule: string, priority: number): Routers {
  const route = { rule, priority, service: "ping@internal" };
  return {
    health: { ...route, entryPoints: ["web"] },
    "health-tls": { ...route, entryPoints: ["websecure"], tls: {} },
  };
}

function tcpStream(stream: Stream): Parts {
  const name = streamName(stream);
  return {
    routers: { [name]: { entryPoints: [name], rule: "HostSNI(`*`)", service: name } },
    services: { [name]: servers(stream) },
  };
}

function udpStream(stream: Stream): Parts {
  const name = streamName(stream);
  return {
    routers: { [name]: { entryPoints: [name], service: name } },
    services: { [name]: servers(stream) },
  };
}

function servers({ service: { namespace, name, port } }: Stream): object {
  return { loadBalancer: { servers: [{ address: address(`${name}.${namespace}`, port) }] } };
}

function address(name: string, port: number): string {
  return `${name}.svc.cluster.local:${String(port)}`;
}

const OLD = "ingress-nginx";

/** TLS of all hosts that are not moved goes to ingress-nginx as it is, by the name that the client asks for. */
function passed({ moved, service, proxyProtocol }: Migration): Parts {
  const rule = ["HostSNIRegexp(`^.+$`)", ...moved.map((host) => `!HostSNI(\`${host}\`)`)].join(" && ");
  return {
    routers: { [OLD]: { entryPoints: ["websecure"], rule, service: OLD, tls: { passthrough: true } } },
    services: {
      [OLD]: {
        loadBalancer: {
          servers: [{ address: address(`${service}.${INGRESS_NAMESPACE}`, ENTRY_POINTS.websecure) }],
          ...(proxyProtocol ? { serversTransport: OLD } : {}),
        },
      },
    },
    ...(proxyProtocol ? { serversTransports: { [OLD]: { proxyProtocol: { version: 2 } } } } : {}),
  };
}

/**
 * What is left for hosts that are not moved, and goes before Traefik's own routes of them: requests without TLS are sent
 * to https, and those on a connection for a moved host, which a browser uses for others of the same certificate, go to
 * ingress-nginx. That one has the program's certificate, whose name does not matter inside the cluster.
 */
function closed({ moved, service }: Migration): Parts {
  const others = moved.map((host) => `!Host(\`${host}\`)`);
  const rule = others.length === 0 ? "PathPrefix(`/`)" : others.join(" && ");
  const route = { rule, priority: HIGHEST };
  return {
    routers: {
      ...health([HEALTH, ...others].join(" && "), HIGHEST + 1),
      "not-moved": { ...route, entryPoints: ["web"], middlewares: ["to-https"], service: "noop@internal" },
      "not-moved-tls": { ...route, entryPoints: ["websecure"], service: OLD, tls: {} },
    },
    middlewares: { "to-https": { redirectScheme: { scheme: "https", permanent: true } } },
    services: {
      [OLD]: {
        loadBalancer: {
          servers: [{ url: `https://${address(`${service}.${INGRESS_NAMESPACE}`, ENTRY_POINTS.websecure)}` }],
          serversTransport: OLD,
        },
      },
    },
    serversTransports: { [OLD]: { insecureSkipVerify: true } },
  };
}
