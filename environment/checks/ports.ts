import { isOwner, type EnvironmentConfig, type ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import type { AllClaims, Claimed } from "../parts/claims";
import { TEST_WINDOW } from "../plan/constants";
import { edgeVip } from "../plan/load-balancers";
import { ownerOfPorts, portPlans } from "../plan/ports";
import type { PortPlan } from "../plan/types";
import { duplicatePairs } from "./duplicates";
import { checkListeners } from "./listeners";
import { checkOpenPorts } from "./open-ports";

/**
 * Each NodePort has one owner: the environment, its tenants, or its internal ports.
 * @param owner of a tenant, if it can be read
 */
export function checkPorts(
  { config, claims }: Claimed<ServersEnvironmentConfig>,
  owner: EnvironmentConfig = config,
): readonly Finding[] {
  const cluster = isOwner(owner) ? ownerOfPorts(owner) : undefined;
  const ports = portPlans({ config, claims }, cluster);
  return [
    ...checkNodePorts({ config, claims }),
    ...checkPortNames(ports),
    ...checkUnclaimed(config),
    ...checkExternal(config, ports),
    ...checkListeners(config, ports),
    ...checkDirect(config),
    ...checkWindows(config),
    ...checkInternal(config),
    ...checkUdp(config, ports),
    ...checkProxy(config),
    ...checkOpenPorts(config, ports),
  ];
}

/** Clients of a NodePort without a load balancer do not send the PROXY protocol, and the ingress refuses them. */
function checkProxy(config: ServersEnvironmentConfig): readonly Finding[] {
  if (!isOwner(config) || !config.ingress.proxyProtocol) return [];
  const { kind } = config.ingress.exposure;
  if (kind === "metallb")
    return [
      finding(
        "port.proxy",
        "ingress.proxyProtocol",
        "the ingress then answers only those who come by the PROXY protocol, and with ingress.exposure metallb nobody speaks it",
        "leave the key out: with metallb applications see client addresses without it",
      ),
    ];
  if (kind === "octavia" || config.edge.kind !== "none") return [];
  return [
    finding(
      "port.proxy",
      "ingress.proxyProtocol",
      "the ingress then answers only those who come by the PROXY protocol, and with edge.kind none nobody speaks it",
      "set edge.kind to haproxy or octavia, or leave the key out",
    ),
  ];
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** NodePorts in use. */
interface Taken extends Window {
  readonly path: string;
}

function checkNodePorts({ config, claims }: Claimed<ServersEnvironmentConfig>): Finding[] {
  const all = [...ownNodePorts(config), ...partNodePorts(claims), ...tenantNodePorts(config)];
  return all.flatMap((second, index) =>
    all
      .slice(0, index)
      .filter((first) => first.from <= second.to && second.from <= first.to)
      .map((first) => {
        const both = { from: Math.max(first.from, second.from), to: Math.min(first.to, second.to) };
        const what = both.from === both.to ? `NodePort ${both.from} is` : `NodePorts ${windowText(both)} are`;
        return finding(
          "port.clash",
          second.path,
          `${what} already taken by ${first.path}`,
          both.from === both.to ? "choose another one" : "choose others",
        );
      }),
  );
}

function partNodePorts({ ports }: AllClaims): readonly Taken[] {
  return ports.map(({ path, nodePort }) => taken(path, nodePort));
}

function ownNodePorts(config: ServersEnvironmentConfig): readonly Taken[] {
  const { ingress, ports } = config;
  const { window } = ports;
  const windows = windowsOf(config);
  return [
    taken("ingress.http", ingress.http),
    taken("ingress.https", ingress.https),
    ...Object.entries(ports.published).map(([name, port]) =>
      taken(`ports.published.${name}.nodePort`, port.nodePort),
    ),
    ...(window === undefined ? [] : [{ path: "ports.window", from: window.from, to: window.to }]),
    // `checkInternal` reports ports in a window.
    ...Object.entries(ports.internal)
      .filter(([, port]) => !windows.some(([, each]) => inside(port, each)))
      .map(([name, port]) => taken(`ports.internal.${name}`, port)),
  ];
}

function tenantNodePorts(config: ServersEnvironmentConfig): readonly Taken[] {
  if (!isOwner(config)) return [];
  return Object.entries(config.tenants).flatMap(([name, { ingress, window }]) => [
    taken(`tenants.${name}.ingress.http`, ingress.http),
    taken(`tenants.${name}.ingress.https`, ingress.https),
    ...(window === undefined ? [] : [{ path: `tenants.${name}.window`, ...window }]),
  ]);
}

function taken(path: string, port: number): Taken {
  return { path, from: port, to: port };
}

function inside(port: number, window: Window): boolean {
  return port >= window.from && port <= window.to;
}

function windowText(window: Window): string {
  return `${window.from}–${window.to}`;
}

/** A name identifies one port everywhere: in frontends, rules and reports. */
function checkPortNames(ports: readonly PortPlan[]): Finding[] {
  const common = new Set(ports.filter((port) => port.purpose !== "published").map((port) => port.name));
  const published = ports.filter((port) => port.purpose === "published");
  return [
    ...published
      .filter(({ name }) => common.has(name))
      .map(({ name, path }) =>
        finding(
          "port.clash",
          path.replace(/\.external$/, ""),
          `"${name}" is the name of a port that every environment has`,
          "choose another name",
        ),
      ),
    ...duplicatePairs(published, ({ name }) => name).map(([first, second]) =>
      finding(
        "port.clash",
        second.path,
        `"${second.name}" is already the name of ${first.path}`,
        "choose another name",
      ),
    ),
  ];
}

/** Ports of the window are for people's own Services; these are open permanently. */
function checkUnclaimed(config: ServersEnvironmentConfig): Finding[] {
  if (!isOwner(config)) return [];
  const { ports } = config;
  const unanswered = Object.entries(ports.published).filter(([, { service }]) => service === undefined);
  return unanswered.map(([name, { nodePort }]) =>
    finding(
      "port.unclaimed",
      `ports.published.${name}`,
      `is open, and nothing that this environment runs has NodePort ${nodePort}`,
      "leave it if a Service of your own answers there, else remove it",
    ),
  );
}

/** The port that stays if two clash: the others are easier to move. */
const PURPOSES: readonly PortPlan["purpose"][] = ["api", "ingress", "window", "published"];

/** External ports: no two frontends of one VIP on one port. */
function checkExternal(config: ServersEnvironmentConfig, ports: readonly PortPlan[]): Finding[] {
  const shared = isOwner(config) && edgeVip(config) === "api";
  const carried = ports
    .filter((port) => port.loadBalancer !== undefined)
    .toSorted((a, b) => PURPOSES.indexOf(a.purpose) - PURPOSES.indexOf(b.purpose));
  const identity = (port: PortPlan) =>
    `${shared ? "api" : (port.loadBalancer ?? "")}/${port.protocol}/${port.external}`;
  return duplicatePairs(carried, identity).map(([first, second]) =>
    finding(
      "port.clash",
      second.path,
      `port ${second.external} is already taken by ${first.path} on the same address`,
      "choose another one",
    ),
  );
}

/** Without a load balancer no program listens on the external port. */
function checkDirect(config: ServersEnvironmentConfig): readonly Finding[] {
  if (config.edge.kind !== "none") return [];
  return Object.entries(config.ports.published)
    .filter(([, { external, nodePort }]) => external !== nodePort)
    .map(([name, { external, nodePort }]) =>
      finding(
        "port.external",
        `ports.published.${name}.external`,
        `nothing listens on ${external}, since edge.kind is none: clients connect to the NodePort, ${nodePort}`,
        `write ${nodePort} too, or set edge.kind to haproxy or octavia`,
      ),
    );
}

type NamedWindow = readonly [path: string, window: Window];

function windowsOf(config: ServersEnvironmentConfig): readonly NamedWindow[] {
  const tenants = isOwner(config) ? Object.entries(config.tenants) : [];
  const all = [
    ["ports.window", config.ports.window] as const,
    ...tenants.map(([name, tenant]) => [`tenants.${name}.window`, tenant.window] as const),
  ];
  return all.flatMap(([path, window]) => (window === undefined ? [] : [[path, window] as const]));
}

function checkWindows(config: ServersEnvironmentConfig): Finding[] {
  return windowsOf(config)
    .filter(([, window]) => !inside(window.from, TEST_WINDOW) || !inside(window.to, TEST_WINDOW))
    .map(([path, window]) =>
      finding(
        "port.window",
        path,
        `${windowText(window)} is not inside the test window ${windowText(TEST_WINDOW)}`,
        "shrink or move it; ports.published opens any other NodePort",
      ),
    );
}

/** A published window would open an internal port to the outside. */
function checkInternal(config: ServersEnvironmentConfig): Finding[] {
  return Object.entries(config.ports.internal).flatMap(([name, port]) =>
    windowsOf(config)
      .filter(([, window]) => inside(port, window))
      .map(([path, window]) =>
        finding(
          "port.window",
          `ports.internal.${name}`,
          `${port} lies in ${path}, ${windowText(window)}, which is open to the outside`,
          "choose a port outside every window",
        ),
      ),
  );
}

function checkUdp(config: ServersEnvironmentConfig, ports: readonly PortPlan[]): Finding[] {
  if (config.edge.kind !== "haproxy") return [];
  return ports
    .filter(({ protocol }) => protocol === "udp")
    .map(({ path }) =>
      finding(
        "port.udp",
        path.replace(/\.external$/, ".protocol"),
        '"udp" cannot be carried by HAProxy',
        "set edge.kind to octavia, or write tcp",
      ),
    );
}
