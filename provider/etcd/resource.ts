/** EtcdMembers, for programs. */
import * as pulumi from "@pulumi/pulumi";

import { sealedConnectionArgs, type ConnectionArgs } from "../machine-files/connection-args";
import { ETCD_MEMBERS } from "./token";
import type { Data, Former } from "./inputs";

/** One member of etcd, and the connection to its server. */
export interface EtcdMemberArgs {
  /** Name of the node and of the member. */
  readonly node: string;
  /** Location of its etcd data: data on a volume are kept when the server is recreated. */
  readonly data: Data;
  /** As for the files that are pushed to this server. */
  readonly connection: ConnectionArgs;
}

/** The members of one cluster. */
export interface EtcdMembersArgs {
  /** The same as the Kubernetes provider's `clusterIdentifier`. */
  readonly cluster: string;
  /** `others`: the cluster was created by others, who also remove its members. */
  readonly formedBy: Former;
  /** By the server's key; empty if others create the cluster. */
  readonly members: Readonly<Record<string, EtcdMemberArgs>>;
}

/**
 * The control planes of a cluster as etcd's members, with the connection to each. The gate of a control plane's server
 * ({@link ServerReady}) uses it to remove the member before the server is deleted, and to wait for its return: so
 * register it before a server is replaced. Its changes are never shown.
 * @example
 * new EtcdMembers("etcd", { cluster: "prod/lab", formedBy: "servers",
 *   members: { "controlPlane/0": { node: "prod-control-plane-0", data: "volume", connection } } }, { provider });
 */
export class EtcdMembers extends pulumi.CustomResource {
  constructor(name: string, args: EtcdMembersArgs, options: pulumi.CustomResourceOptions = {}) {
    const members = Object.entries(args.members).map(([key, member]) => [
      key,
      { ...member, connection: sealedConnectionArgs(member.connection) },
    ]);
    super(ETCD_MEMBERS, name, { ...args, members: Object.fromEntries(members) as pulumi.Inputs }, options);
  }
}
