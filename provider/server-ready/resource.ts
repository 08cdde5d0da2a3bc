/** ServerReady, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { ApiRoute } from "../kubernetes-api/api-route";
import type { Awaited } from "./inputs";
import { SERVER_READY } from "./token";

/** A server, and its role in a cluster. */
export type ServerReadyArgs =
  /** Not a node: it is ready as soon as it exists. */
  | { readonly kind: "server"; readonly serverId: pulumi.Input<string> }
  /** A node: drained and removed from the cluster before its server is deleted. */
  | {
      readonly kind: "node";
      readonly serverId: pulumi.Input<string>;
      /** Its name in the cluster; if there is no node of this name, nothing is drained. */
      readonly node: pulumi.Input<string>;
      /** Contents of a kubeconfig that may evict pods and delete nodes. A secret; renewing it changes nothing. */
      readonly kubeconfig: pulumi.Input<string>;
      /** Name of the cluster in messages. */
      readonly cluster: pulumi.Input<string>;
      /** Until when a new gate waits. @default "nothing" */
      readonly awaits?: pulumi.Input<Awaited>;
      /** Seconds for pods to move; `customTimeouts` of the resource win. @default 900 */
      readonly drainSeconds?: pulumi.Input<number>;
      /** Seconds until the node is Ready; `customTimeouts` of the resource win. @default 900 */
      readonly readySeconds?: pulumi.Input<number>;
      /** How this machine connects to the API; errors advise accordingly. @default "direct" */
      readonly how?: pulumi.Input<ApiRoute>;
    };

/**
 * The gate of a server. It is replaced with its server: the old gate is deleted before the old server, the new one is
 * created after the new server. Let it depend on what the server needs, such as its volumes' attachments.
 * @example
 * new ServerReady("ready/w/0", { kind: "node", serverId: server.id, node: "prod-w-0", kubeconfig, cluster: "lab" },
 *   { provider, deletedWith: rollout });
 */
export class ServerReady extends pulumi.CustomResource {
  constructor(name: string, args: ServerReadyArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs =
      args.kind === "node" ? { ...args, kubeconfig: pulumi.secret(args.kubeconfig) } : { ...args };
    super(SERVER_READY, name, inputs, options);
  }
}
