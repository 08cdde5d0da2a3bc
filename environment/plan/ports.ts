/** Every port that is open to the outside, declared once; rules, firewalls, frontends and probes are derived from these. */
import { coverWorld } from "../addresses";
import type { ServersEnvironmentConfig, OwnerConfig, PortsConfig } from "../config";
import { isOwner } from "../config";
import { balancedExposure, INGRESS_BALANCER } from "../ingress-controller";
import type { Claimed, PortClaim } from "../parts/claims";
import { mapNonEmpty, type NonEmpty } from "../non-empty";
import { API_INSIDE, API_PORT } from "./constants";
import { hasUnwantedAddress } from "./edge-address";
import type { AdmissionPlan, PortPlan } from "./types";

/** Settings of ports from the owner's configuration, for an owner and its tenants. */
export interface OwnerOfPorts {
  /** The network of all servers. */
  readonly network: string;
  /** Whether the cluster's ingress expects the PROXY protocol. */
  readonly proxyProtocol: boolean;
}

export function ownerOfPorts({ network, ingress }: OwnerConfig): OwnerOfPorts {
  return { network: network.cidr, proxyProtocol: ingress.proxyProtocol };
}

/** @param owner absent for a tenant whose owner's file cannot be read: it is checked and not planned */
export function portPlans(
  { config, claims }: Claimed<ServersEnvironmentConfig>,
  owner?: OwnerOfPorts,
): readonly PortPlan[] {
  const edge = config.edge.kind === "none" ? {} : { loadBalancer: "edge" };
  const inside = owner !== undefined && hasUnwantedAddress(config) ? { inside: owner.network } : {};
  const common = { environment: config.name, ...edge, ...inside };
  const balanced = isOwner(config) && balancedExposure(config.ingress) !== undefined;
  const ofIngress = balanced ? { environment: config.name, loadBalancer: INGRESS_BALANCER } : common;
  return [
    ...ingressPorts(config, ofIngress, owner?.proxyProtocol ?? false),
    ...publishedPorts(config.ports, common),
    ...claimedPorts(claims.ports, common),
    ...windowPorts(config.ports, common),
    ...apiPorts(config),
  ];
}

interface Common extends Pick<PortPlan, "environment" | "loadBalancer"> {
  /** Networks admitted instead of the whole internet, if the edge should not have a public address. */
  readonly inside?: string;
}

/**
 * Networks that may connect to a port. The default is the whole internet; if the edge's address is public for another
 * reason, a configuration without a floating IP for the edge does not intend that.
 */
function published(
  name: string,
  from: NonEmpty<string>,
  { loadBalancer, inside }: Common,
): PortPlan["admits"] {
  const reason = loadBalancer === undefined ? `NodePort of ${name}` : `published port ${name}`;
  if (inside === undefined || !coverWorld(from)) return clients(from, reason);
  return [
    { cidr: inside, origin: "inside", reason: `${reason}, from inside alone: edge.floatingIp is false` },
  ];
}

function carried({ environment, loadBalancer }: Common): Omit<Common, "inside"> {
  return { environment, ...(loadBalancer === undefined ? {} : { loadBalancer }) };
}

function clients(from: NonEmpty<string>, reason: string): NonEmpty<AdmissionPlan> {
  return mapNonEmpty(from, (cidr) => ({ cidr, origin: "clients", reason }));
}

/** The port that clients connect to: without a load balancer nothing listens on the external port. */
function dialed(external: number, nodePort: number, { loadBalancer }: Common): number {
  return loadBalancer === undefined ? nodePort : external;
}

/** 80 and 443; ingress-nginx answers /healthz on both for any host. */
function ingressPorts(config: ServersEnvironmentConfig, common: Common, proxyProtocol: boolean): PortPlan[] {
  const { http, https, from } = config.ingress;
  const ingress = (name: "http" | "https", external: number, backend: number): PortPlan => ({
    ...carried(common),
    name,
    path: `ingress.${name}`,
    purpose: "ingress",
    external: dialed(external, backend, common),
    backend,
    protocol: "tcp",
    admits: published(name, from, common),
    probe: { kind: name, path: "/healthz" },
    proxyProtocol,
  });
  return [ingress("http", 80, http), ingress("https", 443, https)];
}

function publishedPorts(ports: PortsConfig, common: Common): PortPlan[] {
  return Object.entries(ports.published).map(([name, port]) => ({
    ...carried(common),
    name,
    path: `ports.published.${name}.external`,
    purpose: "published",
    external: dialed(port.external, port.nodePort, common),
    backend: port.nodePort,
    protocol: port.protocol,
    admits: published(name, port.from, common),
    probe: port.probe,
    proxyProtocol: false,
    ...(port.service === undefined ? {} : { service: port.service }),
  }));
}

/** Ports of parts; an internal one has a rule and no frontend. */
function claimedPorts(claims: readonly PortClaim[], common: Common): PortPlan[] {
  return claims.flatMap(({ path, name, nodePort, protocol, exposure }) => {
    if (exposure.kind === "inside") return [];
    const { external, from, probe, service } = exposure;
    return {
      ...carried(common),
      name,
      path,
      purpose: "published" as const,
      external: dialed(external, nodePort, common),
      backend: nodePort,
      protocol,
      admits: published(name, from, common),
      probe,
      proxyProtocol: false,
      ...(service === undefined ? {} : { service }),
    };
  });
}

/** Each NodePort of the test window under its own number. */
function windowPorts(ports: PortsConfig, common: Common): PortPlan[] {
  const window = ports.window;
  if (window === undefined) return [];
  return Array.from({ length: window.to - window.from + 1 }, (_, index) => {
    const port = window.from + index;
    const name = `window-${String(port)}`;
    return {
      ...carried(common),
      name,
      path: "ports.window",
      purpose: "window",
      external: port,
      backend: port,
      protocol: "tcp",
      admits: published(name, window.open, common),
      probe: { kind: "tcp" },
      proxyProtocol: false,
    };
  });
}

function apiPorts(config: ServersEnvironmentConfig): PortPlan[] {
  if (!isOwner(config)) return [];
  const { api } = config.cluster;
  return [
    {
      environment: config.name,
      name: "api",
      path: "cluster.api.port",
      purpose: "api",
      external: api.kind === "direct" ? API_PORT : api.port,
      backend: API_PORT,
      protocol: "tcp",
      admits: apiAdmits(config),
      probe: { kind: "https", path: "/readyz" },
      proxyProtocol: false,
      ...(api.kind === "direct" ? {} : { loadBalancer: "api" }),
    },
  ];
}

/**
 * Nodes always reach the API; connections by a tunnel or VPN also have inside addresses, so no other rule is needed.
 */
function apiAdmits({ access: { operator }, cluster: { api }, network }: OwnerConfig): PortPlan["admits"] {
  const direct = api.kind === "direct";
  const inside: AdmissionPlan = {
    cidr: network.cidr,
    origin: "inside",
    reason: direct ? API_INSIDE : "API for nodes and tunnels inside the network",
  };
  if (operator.kind !== "allowlist") return [inside];
  const reason = direct ? "API of the operator (access.operator.from)" : "published port api";
  return [...clients(operator.from, reason), inside];
}
