/**
 * Names, labels and ports of a hub: those of zero-to-jupyterhub, so that its documentation and its community's answers
 * apply.
 */
import type { Endpoint } from "../../environment/parts/flows";
import type { Identity } from "../../kit/names";

/** The pods of a hub: the value of their labels `app.kubernetes.io/name` and `component`. */
export const COMPONENTS = { hub: "hub", proxy: "proxy", server: "singleuser-server" } as const;
export type Component = keyof typeof COMPONENTS;

/** The user of zero-to-jupyterhub's image of the hub. */
export const HUB_USER = { uid: 1000, gid: 1000 } as const;

/** The user of Jupyter's images, whose files belong to the group `users`. */
export const SERVER_USER = { uid: 1000, gid: 100 } as const;

export const PORTS = { hub: 8081, proxy: 8000, proxyApi: 8001, server: 8888 } as const;

export const SERVICES = { hub: "hub", proxy: "proxy-public", proxyApi: "proxy-api" } as const;

/** Port of the Service in front of the proxy. */
export const PUBLIC_PORT = 80;

/** The pods of one port of a hub. */
export function endpointsOf(namespace: string) {
  const of = (component: Component, port: number): Endpoint => ({
    namespace,
    name: COMPONENTS[component],
    port,
  });
  return {
    hub: of("hub", PORTS.hub),
    proxy: of("proxy", PORTS.proxy),
    proxyApi: of("proxy", PORTS.proxyApi),
    server: of("server", PORTS.server),
  };
}

/** Pods with such a label may connect to the named port: a Service of one's own gets it, not a policy. */
export const ACCESS_LABELS = {
  hub: "hub.jupyter.org/network-access-hub",
  proxyApi: "hub.jupyter.org/network-access-proxy-api",
  proxy: "hub.jupyter.org/network-access-proxy-http",
  server: "hub.jupyter.org/network-access-singleuser",
} as const satisfies Readonly<Record<keyof ReturnType<typeof endpointsOf>, string>>;

/** Labels that admit connections to these ports. */
export function accessLabels(to: readonly (keyof typeof ACCESS_LABELS)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(to.map((key) => [ACCESS_LABELS[key], "true"]));
}

export const APP = "jupyterhub";

/** zero-to-jupyterhub's labels of a pod, beside those that every pod of the lab has. */
export function jupyterLabels(component: Component): Readonly<Record<string, string>> {
  return { app: APP, component: COMPONENTS[component] };
}

/** Label of nodes, and the purposes that pods choose by it. */
export const NODE_PURPOSE_LABEL = "hub.jupyter.org/node-purpose";
export const NODE_PURPOSES = { core: "core", user: "user" } as const;

/** The taint of nodes with a purpose, in both of zero-to-jupyterhub's spellings. */
export const DEDICATED_TAINTS = ["hub.jupyter.org/dedicated", "hub.jupyter.org_dedicated"] as const;

export function namespaceIdentity(plan: {
  readonly environment: string;
  readonly namespace: string;
}): Identity {
  return identityOf(plan, plan.namespace, "namespace");
}

export function identityOf(
  { environment }: { readonly environment: string },
  name: string,
  component: string,
): Identity {
  return { name, partOf: "jupyterhub", component, environment };
}
