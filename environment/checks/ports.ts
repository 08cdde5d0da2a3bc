import { isOwner, type EnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { TEST_WINDOW } from "../plan/constants";
import { portPlans } from "../plan/ports";
import type { PortPlan } from "../plan/types";
import { edgeVip } from "../plan/load-balancers";
import { clashes } from "./servers";

/** One NodePort, one owner: the environment's own, its tenants', and its internal ones. */
export function checkPorts(config: EnvironmentConfig): readonly Finding[] {
  const ports = portPlans(config);
  return [
    ...checkNodePorts(config, ports),
    ...checkExternal(config, ports),
    ...checkWindows(config),
    ...checkInternal(config),
    ...checkUdp(config),
  ];
}

interface Claim {
  readonly port: number;
  readonly who: string;
  readonly path: string;
}

function checkNodePorts(config: EnvironmentConfig, ports: readonly PortPlan[]): Finding[] {
  const own = ports
    .filter((port) => port.purpose !== "api")
    .map((port): Claim => ({ port: port.backend, who: port.name, path: portPath(port) }));
  const internal = Object.entries(config.ports.internal).map(([name, port]): Claim => ({
    port,
    who: name,
    path: `ports.internal.${name}`,
  }));
  const outsideWindow = internal.filter((claim) => !inside(claim.port, config.ports.window));
  return clashes([...own, ...outsideWindow, ...tenantClaims(config)], (claim) => String(claim.port)).map(
    ([first, second]) =>
      finding(
        "port.clash",
        second.path,
        `NodePort ${String(second.port)} is already taken by ${first.who} (${first.path})`,
        "choose another one",
      ),
  );
}

function portPath(port: PortPlan): string {
  switch (port.purpose) {
    case "ingress":
      return `ingress.${port.name}`;
    case "published":
      return `ports.published.${port.name}.nodePort`;
    case "window":
      return "ports.window";
    case "api":
      return "cluster.api.port";
  }
}

function tenantClaims(config: EnvironmentConfig): readonly Claim[] {
  if (!isOwner(config)) return [];
  return Object.entries(config.tenants).flatMap(([name, tenant]) => {
    const path = `tenants.${name}`;
    const window =
      tenant.window === undefined
        ? []
        : numbers(tenant.window).map((port) => ({ port, who: `tenant ${name}`, path: `${path}.window` }));
    return [
      { port: tenant.ingress.http, who: `tenant ${name}`, path: `${path}.ingress.http` },
      { port: tenant.ingress.https, who: `tenant ${name}`, path: `${path}.ingress.https` },
      ...window,
    ];
  });
}

interface Window {
  readonly from: number;
  readonly to: number;
}

function numbers(window: Window): readonly number[] {
  return Array.from({ length: window.to - window.from + 1 }, (_, index) => window.from + index);
}

function inside(port: number, window: Window | undefined): boolean {
  return window !== undefined && port >= window.from && port <= window.to;
}

/** What clients dial: no two frontends of one VIP on one port. */
function checkExternal(config: EnvironmentConfig, ports: readonly PortPlan[]): Finding[] {
  const shared = isOwner(config) && edgeVip(config) === "api";
  const carried = ports.filter((port) => port.loadBalancer !== undefined);
  const identity = (port: PortPlan) =>
    `${shared ? "api" : (port.loadBalancer ?? "")}/${port.protocol}/${String(port.external)}`;
  return clashes(carried, identity).map(([first, second]) => {
    const path =
      second.purpose === "published" ? `ports.published.${second.name}.external` : portPath(second);
    return finding(
      "port.clash",
      path,
      `port ${String(second.external)} is already taken by ${first.name} on the same address`,
      "choose another one",
    );
  });
}

function checkWindows(config: EnvironmentConfig): Finding[] {
  const tenants = isOwner(config)
    ? Object.entries(config.tenants).map(
        ([name, tenant]) => [`tenants.${name}.window`, tenant.window] as const,
      )
    : [];
  const windows = [["ports.window", config.ports.window] as const, ...tenants];
  return windows.flatMap(([path, window]) => {
    if (window === undefined || (inside(window.from, TEST_WINDOW) && inside(window.to, TEST_WINDOW)))
      return [];
    return [
      finding(
        "port.window",
        path,
        `${String(window.from)}–${String(window.to)} is not inside the test window ${String(TEST_WINDOW.from)}–${String(TEST_WINDOW.to)}`,
        "shrink it",
      ),
    ];
  });
}

/** A published window would carry an internal port to the outside. */
function checkInternal(config: EnvironmentConfig): Finding[] {
  const tenants = isOwner(config)
    ? Object.entries(config.tenants).map(
        ([name, tenant]) => [`tenants.${name}.window`, tenant.window] as const,
      )
    : [];
  const windows = [["ports.window", config.ports.window] as const, ...tenants];
  return Object.entries(config.ports.internal).flatMap(([name, port]) =>
    windows
      .filter(([, window]) => inside(port, window))
      .map(([path, window]) =>
        finding(
          "port.window",
          `ports.internal.${name}`,
          `${String(port)} lies in ${path} (${windowText(window)}), which is open to the outside`,
          "choose a port outside every window",
        ),
      ),
  );
}

function windowText(window: Window | undefined): string {
  return window === undefined ? "" : `${String(window.from)}–${String(window.to)}`;
}

function checkUdp(config: EnvironmentConfig): Finding[] {
  if (config.edge.kind !== "haproxy") return [];
  return Object.entries(config.ports.published)
    .filter(([, port]) => port.protocol === "udp")
    .map(([name]) =>
      finding(
        "port.udp",
        `ports.published.${name}.protocol`,
        '"udp" cannot be carried by HAProxy',
        "set edge.kind to octavia, or write tcp",
      ),
    );
}
