/** Routes from the operator's machine to an API server, and what to check when one does not work. */
import type { ClusterAccess } from "./kubeconfig";

export const API_ROUTES = ["direct", "allowlist", "tunnel", "wireguard"] as const;
/** How clients connect to the API: directly, from allowed addresses, through the bastion, or by a VPN. */
export type ApiRoute = (typeof API_ROUTES)[number];

/**
 * What to check if an API does not answer.
 * @param again what to do afterwards, such as `run up again`
 */
export function routeAdvice(route: ApiRoute, access: ClusterAccess, again: string): string {
  return ADVICE[route](access, again);
}

const ADVICE: Readonly<Record<ApiRoute, (access: ClusterAccess, again: string) => string>> = {
  direct: ({ server }) =>
    `that this machine reaches it (curl -k ${server}/readyz), and the control plane's log (journalctl -u kubelet)`,
  allowlist: ({ server }) =>
    `that the address this machine comes from is in access.operator.from of the stack's file; if it is not, add it and run up again. Then: curl -k ${server}/readyz`,
  tunnel: ({ proxy }, again) =>
    `that the tunnel through the bastion is open: ssh -N -D ${proxy?.host ?? "127.0.0.1:1080"} <bastion>; leave it running and ${again}`,
  wireguard: (_access, again) =>
    `that the WireGuard tunnel is up: sudo wg-quick up wg0, and sudo wg show wg0 names a handshake of the last minutes; then ${again}`,
};

/** The request and its route, for messages; without user and password of a proxy. */
export function askedOf({ server, serverName, proxy }: ClusterAccess, path: string): string {
  const through = proxy === undefined ? "" : ` through the proxy ${proxy.protocol}//${proxy.host}`;
  const name = serverName === undefined ? "" : `, certificate name ${serverName}`;
  return `${server}${path}${through}${name}`;
}
