/** ClusterInit, for programs. */
import * as pulumi from "@pulumi/pulumi";

import { sealedConnection, type ConnectionArgs } from "../machine-files/sdk";
import { CLUSTER_INIT } from "./token";

/** Which server may found which cluster. */
export interface ClusterInitArgs {
  /** Name of the cluster; another one is another cluster, and may be founded. */
  readonly cluster: string;
  /** Key of the control plane that founds it, as errors name it. */
  readonly server: string;
  /** As for the files that are pushed to this server. */
  readonly connection: ConnectionArgs;
  /** Seconds that the machine may take to boot and to answer; `customTimeouts` of the resource win. @default 600 */
  readonly timeoutSeconds?: number;
}

/**
 * Permits one control plane to found its cluster, once in the cluster's life. Every other control plane, and this one when
 * it was made anew, joins the cluster or waits for it. A machine that is a member of a cluster is given no permit, so a
 * lost state cannot found a second one. Make it after the machine's files.
 * @example
 * new ClusterInit("prod", { cluster: "prod", server: "controlPlane/0", connection }, { dependsOn: files });
 */
export class ClusterInit extends pulumi.CustomResource {
  /** Key of the server that was permitted. */
  declare readonly founder: pulumi.Output<string>;

  constructor(name: string, args: ClusterInitArgs, options: pulumi.CustomResourceOptions = {}) {
    const connection = sealedConnection(args.connection);
    super(CLUSTER_INIT, name, { ...args, connection, founder: undefined }, options);
  }
}
