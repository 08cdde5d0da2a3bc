/** ClusterInit, for programs. */
import * as pulumi from "@pulumi/pulumi";

import { sealedConnectionArgs, type ConnectionArgs } from "../machine-files/connection-args";
import { CLUSTER_INIT } from "./token";

/** Which server may initialize which cluster. */
export interface ClusterInitArgs {
  /** Name of the cluster; another name means another cluster, which may be initialized. */
  readonly cluster: string;
  /** Key of the control plane that initializes it, as errors name it. */
  readonly server: string;
  /** As for the files that are pushed to this server. */
  readonly connection: ConnectionArgs;
  /** Seconds that the machine may take to boot and to answer; `customTimeouts` of the resource win. @default 600 */
  readonly timeoutSeconds?: number;
}

/**
 * Permits one control plane to initialize its cluster, once per cluster. Every other control plane, and this one when
 * it was recreated, joins the cluster or waits for it. A machine that is a member of a cluster gets no permit, so a
 * lost state cannot initialize a second one. Create it after the machine's files.
 * @example
 * new ClusterInit("prod", { cluster: "prod", server: "controlPlane/0", connection }, { dependsOn: files });
 */
export class ClusterInit extends pulumi.CustomResource {
  /** Key of the server that was permitted. */
  declare readonly founder: pulumi.Output<string>;

  constructor(name: string, args: ClusterInitArgs, options: pulumi.CustomResourceOptions = {}) {
    const connection = sealedConnectionArgs(args.connection);
    super(CLUSTER_INIT, name, { ...args, connection, founder: undefined }, options);
  }
}
