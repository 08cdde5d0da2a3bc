/** Properties of the WireGuard tunnel that gateways and clients share. */

/** The network interface on a gateway; a client's has the same name. */
export const TUNNEL_INTERFACE = "wg0";

/** Bytes that WireGuard adds to a packet: an outer IPv6 header, UDP and its own 32. */
const OVERHEAD = 80;

/** The largest packet that the internet carries between a client and the gateways, in bytes. */
const INTERNET_MTU = 1500;

/** The largest packet inside the tunnel, in bytes, from the largest one of the servers' network: jumbo frames end there. */
export function tunnelMtu(networkMtu: number): number {
  return Math.min(networkMtu, INTERNET_MTU) - OVERHEAD;
}
