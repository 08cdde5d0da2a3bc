/** Names and ports of the gateway of users' pods. */
import type { Endpoint } from "../../../environment/parts/flows";

export const GATEWAY = "gateway";

export const GATEWAY_PORTS = { http: 8080, health: 8081, oauth2Proxy: 4180 } as const;

/** ConfigMap with the UIDs of users; read through the API, so that a new user restarts nothing. */
export const USERS_CONFIG = "gateway-users";

export function gatewayEndpoint(namespace: string): Endpoint {
  return { namespace, name: GATEWAY, port: GATEWAY_PORTS.http };
}
