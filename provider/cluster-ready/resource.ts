/** ClusterReady, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { ApiRoute } from "../kubernetes-api/api-route";
import { CLUSTER_READY } from "./token";

/** Which API is waited for, and how long. */
export interface ClusterReadyArgs {
  /** Contents of a kubeconfig with certificates or a token. Stored as a secret; renewing it changes nothing. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Name of the cluster in messages; changing it keeps the gate. */
  readonly cluster?: pulumi.Input<string>;
  /** Name that the API's certificate must have. @default the kubeconfig's tls-server-name, else the address's host */
  readonly serverName?: pulumi.Input<string>;
  /** Requirements in addition to the API itself. @default nothing */
  readonly wants?: pulumi.Input<{
    /** Nodes that have to be Ready. @default 0 */
    readonly nodes?: pulumi.Input<number>;
  }>;
  /** Seconds to wait; `customTimeouts` of the resource win. @default 1200 */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /** How this machine connects to the API; errors advise accordingly. @default "direct" */
  readonly how?: pulumi.Input<ApiRoute>;
  /** A line added to the error, such as the path of the tunnel's configuration. @default none */
  readonly hint?: pulumi.Input<string>;
  /** Values whose change makes the gate wait again, such as ids of the control plane's servers. @default none */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * The gate before a cluster: it is created as soon as the Kubernetes API answers `/readyz`, and the required nodes are
 * Ready. Let the first objects of a cluster depend on it; do not pass its outputs through the kubeconfig.
 * @example
 * const gate = new ClusterReady("lab", { kubeconfig, cluster: "lab", wants: { nodes: 3 }, how: "wireguard" },
 *   { dependsOn: controlPlane });
 */
export class ClusterReady extends pulumi.CustomResource {
  /** Always true; for dependencies. */
  declare readonly ready: pulumi.Output<boolean>;
  /** Version of the API server, e.g. `v1.36.3`. */
  declare readonly serverVersion: pulumi.Output<string>;
  /** UID of the namespace kube-system: identifies this cluster, as opposed to one recreated under the same name. */
  declare readonly clusterId: pulumi.Output<string>;

  constructor(name: string, args: ClusterReadyArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      CLUSTER_READY,
      name,
      {
        ...args,
        kubeconfig: pulumi.secret(args.kubeconfig),
        ready: undefined,
        serverVersion: undefined,
        clusterId: undefined,
      },
      options,
    );
  }
}
