/** ServerReady, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { ApiRoute } from "../kubernetes-api/api-route";
import type { Awaited } from "./inputs";
import { SERVER_READY } from "./token";

/** A server, and what it is to a cluster. */
export type ServerReadyArgs =
  /** No node: it is ready as soon as it is there. */
  | { readonly kind: "server"; readonly serverId: pulumi.Input<string> }
  /** A node: emptied and taken out of the cluster before its server goes. */
  | {
      readonly kind: "node";
      readonly serverId: pulumi.Input<string>;
      /** Its name in the cluster; where there is none of this name, there is nothing to empty. */
      readonly node: pulumi.Input<string>;
      /** Contents of a kubeconfig that may evict pods and delete nodes. A secret; a renewed one changes nothing. */
      readonly kubeconfig: pulumi.Input<string>;
      /** What messages call the cluster. */
      readonly cluster: pulumi.Input<string>;
      /** Until when a new gate waits. @default "nothing" */
      readonly awaits?: pulumi.Input<Awaited>;
      /** Seconds for pods to move; `customTimeouts` of the resource win. @default 900 */
      readonly drainSeconds?: pulumi.Input<number>;
      /** Seconds until the node is Ready; `customTimeouts` of the resource win. @default 900 */
      readonly readySeconds?: pulumi.Input<number>;
      /** How this machine reaches the API; an error then says what to do. @default "direct" */
      readonly how?: pulumi.Input<ApiRoute>;
    };

/**
 * The gate behind a server. It is replaced with its server: the old gate goes before the old server, the new one comes
 * after the new server. Let it depend on what the server needs, such as its volumes' attachments.
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
