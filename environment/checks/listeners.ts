/** Ports of load balancers and of the tunnel, against the other programs of their servers. */
import { isOwner, type ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { balancerListeners, type Listener } from "../plan/listeners";
import type { PortPlan } from "../plan/types";

type Carrier = "gateway" | "loadBalancer";

export function checkListeners(
  config: ServersEnvironmentConfig,
  ports: readonly PortPlan[],
): readonly Finding[] {
  return [
    ...ports.flatMap((port) => {
      const carrier = carrierOf(port, config);
      if (carrier === undefined) return [];
      const listeners = listenersOn(carrier, config);
      return port.purpose === "ingress"
        ? displaced(port, carrier, listeners)
        : taken(port.path, port.external, port.protocol, listeners);
    }),
    ...checkTunnel(config),
  ];
}

/** The servers whose HAProxy listens on a port; undefined if it is not ours. */
function carrierOf({ loadBalancer }: PortPlan, config: ServersEnvironmentConfig): Carrier | undefined {
  if (loadBalancer === "edge") return config.edge.kind === "haproxy" ? config.edge.on : undefined;
  const api = isOwner(config) && config.cluster.api.kind === "haproxy";
  return loadBalancer === "api" && api ? "gateway" : undefined;
}

function listenersOn(carrier: Carrier, config: ServersEnvironmentConfig): readonly Listener[] {
  const pool = carrier === "loadBalancer" ? config.servers.loadBalancer : gatewayOf(config);
  return balancerListeners(carrier, pool?.applications ?? []);
}

function gatewayOf(config: ServersEnvironmentConfig): ServersEnvironmentConfig["servers"]["loadBalancer"] {
  return isOwner(config) ? config.servers.gateway : undefined;
}

function checkTunnel(config: ServersEnvironmentConfig): readonly Finding[] {
  if (!isOwner(config) || config.access.kind === "bastion") return [];
  const { port } = config.access.wireguard;
  return taken("access.wireguard.port", port, "udp", listenersOn("gateway", config));
}

/** 80 and 443 are fixed, so the other program has to be removed. */
function displaced(port: PortPlan, carrier: Carrier, listeners: readonly Listener[]): readonly Finding[] {
  const use = listeners.find((each) => each.port === port.external && each.protocol === port.protocol);
  if (use === undefined) return [];
  const what = `${use.what} listens on port ${String(port.external)}, where HAProxy of these servers has ${port.path}`;
  return [finding("port.reserved", `servers.${carrier}.applications`, what, "run it on another server")];
}

function taken(
  path: string,
  port: number,
  protocol: Listener["protocol"],
  listeners: readonly Listener[],
): readonly Finding[] {
  const use = listeners.find((each) => each.port === port && each.protocol === protocol);
  if (use === undefined) return [];
  const what = `port ${String(port)} is the load-balancer servers' own, for ${use.what}`;
  return [finding("port.reserved", path, what, "choose another one")];
}
