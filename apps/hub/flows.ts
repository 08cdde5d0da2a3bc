/** Network flows of a hub. */
import { ingressFlow, outwardFlow, podFlow, type Flow } from "../../environment/parts/flows";
import { assertNever } from "../../errors/assert-never";
import type { HubConfig } from "./configuration";
import { driveNamespaceOf, homesEndpoint } from "./drive/names";
import { endpointsOf } from "./names";
import type { SignInConfig } from "./sign-in/configuration";

export function hubFlows(
  namespace: string,
  { signIn, published, homes }: Pick<HubConfig, "signIn" | "published" | "homes">,
): readonly Flow[] {
  const { hub, proxy, proxyApi, server } = endpointsOf(namespace);
  return [
    ...(published ? [ingressFlow(proxy)] : []),
    podFlow(proxy, hub),
    podFlow(proxy, server),
    podFlow(hub, proxyApi),
    // The hub asks a server whether it is up.
    podFlow(hub, server),
    outwardFlow(hub, { kind: "kubernetesApi" }),
    // A server asks the hub who opens it, and reports that it is used.
    podFlow(server, hub),
    ...(homes.kind === "drive" ? [podFlow(hub, homesEndpoint(driveNamespaceOf(namespace)))] : []),
    ...(asksProvider(signIn) ? [outwardFlow(hub, { kind: "internet", port: 443 })] : []),
  ];
}

/** Whether the hub itself connects to the identity provider. */
function asksProvider({ kind }: SignInConfig): boolean {
  switch (kind) {
    case "oidc":
    case "lti13":
      return true;
    case "lti11":
    case "native":
    case "dummy":
      return false;
    default:
      return assertNever(kind);
  }
}
