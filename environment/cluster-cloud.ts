/** What components of the cluster know of the OpenStack project: the credentials that they use, and the values known after `up`. */
import { output, secret, type NamedValue } from "../values";
import type { OwnerConfig } from "./config";

/** Values that the infrastructure binds, where the configuration does not give them. */
export const CLOUD_VALUES = {
  authUrl: output("cloud/auth-url"),
  region: output("cloud/region"),
  networkId: output("cloud/network-id"),
  subnetId: output("cloud/subnet-id"),
  externalNetworkId: output("cloud/external-network-id"),
} as const satisfies Readonly<Record<string, NamedValue>>;

/** Of a value that the infrastructure binds. */
export type CloudValue = keyof typeof CLOUD_VALUES;

/** An application credential by its key: its id, and the secret that Keystone made. */
export function credentialValues(key: string): { readonly id: NamedValue; readonly secret: NamedValue } {
  return { id: output(`application-credential/${key}/id`), secret: secret(credentialSecret(key)) };
}

/** The name under which that secret is bound. */
export function credentialSecret(key: string): string {
  return `application-credential/${key}`;
}

/** Whether OpenStack's cloud controller manager greets the nodes of this cluster. */
export function hasCloudController({ cluster: { nodes } }: OwnerConfig): boolean {
  return nodes.cloudProvider === "external";
}

/** Whether Services of type LoadBalancer get one from Octavia. */
export function servesLoadBalancers(config: OwnerConfig): boolean {
  return hasCloudController(config) && config.cluster.cloud.loadBalancers.kind !== "none";
}

/** The roles that a component's credential needs, by its key; none for a key that no component uses. */
export function neededRoles(config: OwnerConfig): Readonly<Record<string, readonly string[]>> {
  const { controller, volumes } = config.cluster.cloud.credentials;
  const balancers = servesLoadBalancers(config) ? ["load-balancer_member"] : [];
  const users = [
    ...(hasCloudController(config) ? [{ key: controller, roles: ["member", ...balancers] }] : []),
    { key: volumes, roles: ["member"] },
  ];
  const keys = [...new Set(users.map(({ key }) => key))];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      [...new Set(users.filter((user) => user.key === key).flatMap(({ roles }) => roles))],
    ]),
  );
}

/** The values that its components use and the configuration does not give. */
export function neededCloudValues(config: OwnerConfig): readonly CloudValue[] {
  const { authUrl, region } = config.cluster.cloud;
  return [
    ...(authUrl === undefined ? (["authUrl"] as const) : []),
    ...(region === undefined ? (["region"] as const) : []),
    ...(servesLoadBalancers(config) ? (["networkId", "subnetId"] as const) : []),
    ...(usesFloatingIps(config) ? (["externalNetworkId"] as const) : []),
  ];
}

function usesFloatingIps(config: OwnerConfig): boolean {
  const { loadBalancers } = config.cluster.cloud;
  return servesLoadBalancers(config) && loadBalancers.kind !== "none" && loadBalancers.floatingIps;
}
