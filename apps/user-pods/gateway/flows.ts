/** What the gateway connects to, beside users' pods. */
import { ingressFlow, outwardFlow, type Flow } from "../../../environment/parts/flows";
import { assertNever } from "../../../errors/assert-never";
import type { DirectoryConfig } from "../directory/configuration";
import type { IdentityConfig } from "./identity/configuration";
import { gatewayEndpoint } from "./names";

/** @param directory of the users' pods, which an LDAP identity asks */
export function gatewayFlows(
  namespace: string,
  identity: IdentityConfig,
  directory: DirectoryConfig | undefined,
): readonly Flow[] {
  const gateway = gatewayEndpoint(namespace);
  const port = outwardPort(identity, directory);
  return [
    ingressFlow(gateway),
    outwardFlow(gateway, { kind: "kubernetesApi" }),
    ...(port === undefined ? [] : [outwardFlow(gateway, { kind: "internet", port })]),
  ];
}

/** Port of the identity provider; undefined where it is in the cluster. */
function outwardPort(identity: IdentityConfig, directory: DirectoryConfig | undefined): number | undefined {
  switch (identity.kind) {
    case "oidc":
      return portOf(identity.issuer, 443);
    case "authUrl":
      if (serviceNamespace(identity.url) !== undefined) return undefined;
      return portOf(identity.url, identity.url.startsWith("https:") ? 443 : 80);
    case "ldap":
      return directory === undefined
        ? undefined
        : portOf(directory.url, directory.url.startsWith("ldaps:") ? 636 : 389);
    default:
      return assertNever(identity);
  }
}

function portOf(url: string, standard: number): number {
  const { port } = new URL(url);
  return port === "" ? standard : Number(port);
}

/** Namespace of a Service of the cluster, from the name of its host; undefined for another host. */
export function serviceNamespace(url: string): string | undefined {
  return /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.|$)/.exec(new URL(url).hostname)?.[1];
}
