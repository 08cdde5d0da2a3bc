/** Every port that is open to the outside, once; rules, firewalls, frontends and probes are derived from these. */
import type { EnvironmentConfig, PortsConfig } from "../config";
import { isOwner } from "../config";
import { API_PORT } from "./constants";
import type { PortPlan } from "./types";

/** @param proxied whether the cluster's ingress wants the PROXY protocol, which its owner's configuration says */
export function portPlans(
  config: EnvironmentConfig,
  proxied = isOwner(config) && config.ingress.proxyProtocol,
): readonly PortPlan[] {
  const edge = config.edge.kind === "none" ? {} : { loadBalancer: "edge" };
  const common = { environment: config.name, ...edge };
  return [
    ...ingressPorts(config, common, proxied),
    ...publishedPorts(config.ports, common),
    ...windowPorts(config.ports, common),
    ...apiPorts(config),
  ];
}

type Common = Pick<PortPlan, "environment" | "loadBalancer">;

/** 80 and 443; ingress-nginx answers /healthz on both for any host. */
function ingressPorts(config: EnvironmentConfig, common: Common, proxyProtocol: boolean): PortPlan[] {
  const { http, https, from } = config.ingress;
  const ingress = { ...common, purpose: "ingress", protocol: "tcp", from, proxyProtocol } as const;
  return [
    { ...ingress, name: "http", external: 80, backend: http, probe: { kind: "http", path: "/healthz" } },
    { ...ingress, name: "https", external: 443, backend: https, probe: { kind: "https", path: "/healthz" } },
  ];
}

function publishedPorts(ports: PortsConfig, common: Common): PortPlan[] {
  return Object.entries(ports.published).map(([name, port]) => ({
    ...common,
    name,
    purpose: "published",
    external: port.external,
    backend: port.nodePort,
    protocol: port.protocol,
    from: port.from,
    probe: port.probe,
    proxyProtocol: false,
  }));
}

/** Each NodePort of the test window under its own number. */
function windowPorts(ports: PortsConfig, common: Common): PortPlan[] {
  const window = ports.window;
  if (window === undefined) return [];
  return Array.from({ length: window.to - window.from + 1 }, (_, index) => {
    const port = window.from + index;
    const name = `window-${String(port)}`;
    return {
      ...common,
      name,
      purpose: "window",
      external: port,
      backend: port,
      protocol: "tcp",
      from: window.open,
      probe: { kind: "tcp" },
      proxyProtocol: false,
    };
  });
}

/** The operator's way to the API; a tunnel or VPN comes from inside, so nothing is opened for it. */
function apiPorts(config: EnvironmentConfig): PortPlan[] {
  if (!isOwner(config)) return [];
  const { api } = config.cluster;
  const { operator } = config.access;
  return [
    {
      environment: config.name,
      name: "api",
      purpose: "api",
      external: api.kind === "direct" ? API_PORT : api.port,
      backend: API_PORT,
      protocol: "tcp",
      from: operator.kind === "allowlist" ? operator.from : [],
      probe: { kind: "https", path: "/readyz" },
      proxyProtocol: false,
      ...(api.kind === "direct" ? {} : { loadBalancer: "api" }),
    },
  ];
}
