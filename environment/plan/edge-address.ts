/** Whether the edge has a public address, and whether that is intended. */
import { isOwner, type ServersEnvironmentConfig } from "../config";
import { apiFloatingIp, edgeVip } from "./load-balancers";

/**
 * Why clients from outside can connect to the edge although `edge.floatingIp` is false: HAProxy answers on every
 * address of its servers, and these have public ones for another purpose. Undefined if they have none.
 */
export function unwantedAddress(config: ServersEnvironmentConfig): string | undefined {
  const { edge } = config;
  if (edge.kind !== "haproxy" || edge.floatingIp) return undefined;
  if (config.servers.loadBalancer?.floatingIp === true && edge.on === "loadBalancer")
    return "servers.loadBalancer.floatingIp is true";
  if (!isOwner(config) || edge.on !== "gateway") return undefined;
  if (config.servers.gateway?.floatingIp === true) return "servers.gateway.floatingIp is true";
  return edgeVip(config) === "api" && apiFloatingIp(config)
    ? "the VIP of the gateways has a floating IP for the API or WireGuard"
    : undefined;
}

export function hasUnwantedAddress(config: ServersEnvironmentConfig): boolean {
  return unwantedAddress(config) !== undefined;
}
